import { afterAll, afterEach, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClientMessage } from '../../../src/protocol/client/index.ts'
import type { ServerMessage } from '../../../src/protocol/server/index.ts'
import { runCli } from '../../support/cli-run.ts'
import { ScriptedServer, type ScriptedServerOptions } from '../../support/scripted-server.ts'
import { temporaryHome } from '../../support/temporary-home.ts'
import { aRequest, aSnapshot, aSummary } from '../../support/wire-builders.ts'

/** Each command is a process of its own, on a machine that may be busy. */
setDefaultTimeout(30_000)

const home = temporaryHome()
afterAll(() => home[Symbol.dispose]())

const one = aSummary({ id: '1a2b3c4d-0000-4000-8000-000000000001', custom_name: 'One', work_status: 'permission' })
const two = aSummary({ id: '1a2b9999-0000-4000-8000-000000000002', custom_name: 'Two', provider: 'codex' })
const over = aSummary({ id: '77777777-0000-4000-8000-000000000003', status: 'ended', work_status: 'ended' })
const permission = aRequest({ id: 'toolu_1', session_id: one.id })
const question = aRequest({ id: 'toolu_2', session_id: one.id, type: 'question', question: 'Which?' })

let server: ScriptedServer | undefined
afterEach(async () => {
  await server?.[Symbol.asyncDispose]()
  server = undefined
})

type Ack = Partial<Extract<ServerMessage, { type: 'command_ack' }>>

/** A server with three sessions, the first of which waits for `pending` and answers decisions with `ack`. */
function serve({
  pending = null,
  ack = { ok: true },
  ...rest
}: Partial<ScriptedServerOptions> & { pending?: typeof permission | null; ack?: Ack } = {}) {
  const answer = (message: ClientMessage): ServerMessage[] => {
    switch (message.type) {
      case 'subscribe_list':
        return [{ type: 'sessions_list', sessions: [over, two, one] }]
      case 'subscribe_session':
        if (message.session_id !== one.id) {
          return [
            { type: 'error', code: 'not_found', message: 'There is no such session.', session_id: message.session_id },
          ]
        }
        return [{ type: 'session_snapshot', session: aSnapshot({ id: one.id, pending_approval: pending }) }]
      case 'approve_tool':
      case 'answer_question':
        return [
          {
            type: 'command_ack',
            command_id: message.command_id ?? '',
            session_id: message.session_id,
            ok: false,
            ...ack,
          },
        ]
      default:
        return []
    }
  }
  server = new ScriptedServer({ answer, ...rest })
  return server
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, stdin = '') {
  return runCli(['session', ...args], { home: home.path, env: { ORBITDOCK_URL: server?.url ?? '', ...env }, stdin })
}

test('list is a table for people, with whoever waits on top', async () => {
  serve()
  const { code, stdout } = await run(['list', '--json=false'])
  expect(code).toBe(0)
  expect(stdout.split('\n').map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
    ['ID', 'PROVIDER', 'PROJECT', 'STATUS', 'MODEL', 'NAME'],
    ['1a2b3c4d-0000-40', 'claude', 'engine', 'permission', 'claude-opus-4', 'One'],
    ['1a2b9999-0000-40', 'codex', 'engine', 'working', 'claude-opus-4', 'Two'],
    ['77777777-0000-40', 'claude', 'engine', 'ended', 'claude-opus-4', 'engine'],
    [''],
  ])
})

test('list is JSON for programs, and can be narrowed', async () => {
  serve()
  const ids = async (...args: string[]) => {
    const { sessions } = JSON.parse((await run(['list', ...args])).stdout)
    return sessions.map(({ id }: { id: string }) => id)
  }
  expect(await ids()).toEqual([one.id, two.id, over.id])
  expect(await ids('-p', 'codex')).toEqual([two.id])
  expect(await ids('--status', 'ended')).toEqual([over.id])
  expect(await ids('--project', 'nowhere')).toEqual([])
})

test('approve answers the oldest prompt, and says what was approved', async () => {
  const { heard } = serve({ pending: permission })
  const { code, stdout } = await run(['approve', '1a2b3', '--json=false'])
  expect([code, stdout]).toEqual([0, 'Bash  rm -rf build\nApproval: approved (toolu_1)\n'])
  expect(heard.at(-1)).toMatchObject({
    type: 'approve_tool',
    session_id: one.id,
    request_id: 'toolu_1',
    decision: 'approved',
  })
})

test('every decision goes out in the words of the wire, with its message', async () => {
  const server = serve({ pending: permission })
  for (const [word, wire] of [
    ['approved-for-session', 'approved_for_session'],
    ['approved-always', 'approved_always'],
    ['denied', 'denied'],
    ['abort', 'abort'],
  ] as const) {
    const { stdout } = await run(['approve', one.id, '-d', word, '--message', 'because'])
    expect(JSON.parse(stdout)).toEqual({
      request_id: 'toolu_1',
      outcome: 'applied',
      decision: wire,
      session_id: one.id,
    })
    expect(server.heard.at(-1)).toMatchObject({ decision: wire, message: 'because' })
  }
})

test('a named request is answered without looking for it', async () => {
  const server = serve()
  expect((await run(['approve', one.id, '--request-id', 'toolu_9'])).code).toBe(0)
  expect(server.heard.map(({ type }) => type)).toEqual(['approve_tool'])
})

test('answer sends its text, or standard input', async () => {
  const server = serve({ pending: question })
  const { code, stdout } = await run(['answer', one.id, 'SQLite', '--json=false'])
  expect([code, stdout]).toEqual([0, 'Answer submitted (applied) (toolu_2)\n'])
  expect(server.heard.at(-1)).toMatchObject({ type: 'answer_question', request_id: 'toolu_2', answer: 'SQLite' })
  await run(['answer', one.id, '-'], {}, 'two\nlines\n')
  expect(server.heard.at(-1)).toMatchObject({ answer: 'two\nlines' })
})

test('what cannot be answered fails with 1, a code for programs and a hint for people', async () => {
  serve()
  expect(await run(['approve', one.id])).toMatchObject({
    code: 1,
    stdout: '{"error":true,"code":"no_pending_approval","message":"This session waits for no approval."}\n',
    stderr: '',
  })
  const answer = await run(['answer', one.id, 'x', '--json=false'])
  expect(answer).toEqual({ code: 1, stdout: '', stderr: 'error: This session waits for no answer.\n' })
  await server?.[Symbol.asyncDispose]()
  serve({ pending: question })
  const approve = await run(['approve', '1a2b3', '--json=false'])
  expect([approve.code, approve.stderr]).toEqual([1, expect.stringContaining('session answer 1a2b3 TEXT')])
})

test('a prompt of the terminal is left to the terminal', async () => {
  const server = serve({ pending: { ...permission, answerable: false } })
  const { code, stdout } = await run(['approve', one.id])
  expect([code, JSON.parse(stdout).code]).toEqual([1, 'answer_in_terminal'])
  expect(server.heard.map(({ type }) => type)).not.toContain('approve_tool')
})

test('a prompt whose hook comes back after a restart is answered then', async () => {
  const server = serve({ pending: { ...permission, answerable: false } })
  const approving = run(['approve', one.id])
  await server.hears('subscribe_session')
  server.say({ type: 'approval_requested', session_id: one.id, request: { ...permission, answerable: true } })
  expect((await approving).code).toBe(0)
  expect(await server.hears('approve_tool')).toMatchObject({ request_id: 'toolu_1' })
})

test('an answer that came too late fails with 1, a failure of the server with 2', async () => {
  for (const [code, exit] of [
    ['approval_gone', 1],
    ['storage_failed', 2],
  ] as const) {
    await server?.[Symbol.asyncDispose]()
    serve({ pending: permission, ack: { ok: false, code, message: 'Too bad.' } })
    const run_ = await run(['approve', one.id])
    expect(run_.code).toBe(exit)
    expect(JSON.parse(run_.stdout)).toEqual({ error: true, code, message: 'Too bad.' })
  }
})

test('a session is named by the beginning of its id, if that fits no other', async () => {
  serve()
  const ambiguous = await run(['approve', '1a2b', '--json=false'])
  expect(ambiguous.code).toBe(1)
  expect(ambiguous.stderr).toContain(`${one.id}  One`)
  expect(ambiguous.stderr).toContain(`${two.id}  Two`)
  expect((await run(['approve', 'zzzz', '--json=false'])).stderr).toContain('session list')
  const unknown = await run(['approve', 'ffffffff-0000-4000-8000-000000000009'])
  expect([unknown.code, JSON.parse(unknown.stdout).code]).toEqual([1, 'not_found'])
})

test('no server is exit code 3, and a server that is no OrbitDock too', async () => {
  const nobody = await run(['list', '--json=false'], { ORBITDOCK_URL: 'http://127.0.0.1:1' })
  expect([nobody.code, nobody.stderr]).toEqual([3, expect.stringContaining('orbitdock-server start')])
  using other = Bun.serve({ port: 0, fetch: () => new Response('hello') })
  const stranger = await run(['list'], { ORBITDOCK_URL: `http://127.0.0.1:${other.port}` })
  expect([stranger.code, JSON.parse(stranger.stdout).code]).toEqual([3, 'refused'])
})

test('the token comes from the flag, the variable or the file, and a wrong one is told', async () => {
  serve({ token: 'tok' })
  expect((await run(['list', '-t', 'tok'])).code).toBe(0)
  expect((await run(['list'], { ORBITDOCK_TOKEN: 'tok' })).code).toBe(0)
  const file = join(home.path, 'cli.toml')
  writeFileSync(file, `server = "${server?.url}"\ntoken = "tok"\n`)
  expect((await run(['list', '--config', file], { ORBITDOCK_URL: ' ' })).code).toBe(0)
  expect((await run(['list'], { ORBITDOCK_URL: '', ORBITDOCK_CONFIG: file })).code).toBe(0)
  const none = await run(['list', '--json=false'])
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('wants a token')])
  const wrong = await run(['list', '--token', 'other', '--json=false'])
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('does not accept this token')])
})

test('without a URL the socket of the data directory is used, with the token that lies there', async () => {
  const dataDir = join(home.path, 'data')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'auth-token'), 'tok\n')
  serve({ unix: join(dataDir, 'server.sock'), token: 'tok' })
  const { code, stdout } = await runCli(['--data-dir', dataDir, 'session', 'list'], { home: home.path })
  expect([code, JSON.parse(stdout).sessions.length]).toEqual([0, 3])
})

test('without a socket the address in the pid file is used', async () => {
  const dataDir = join(home.path, 'data with blanks')
  mkdirSync(dataDir)
  const { port } = serve()
  writeFileSync(join(dataDir, 'orbitdock.pid'), `${process.pid}\n127.0.0.1:${port}\n`)
  const { code } = await runCli(['session', 'list', '--data-dir', dataDir], { home: home.path })
  expect(code).toBe(0)
})

test('a command line to copy reaches the same server, whatever its directory is called', async () => {
  const dataDir = join(home.path, "ada's data")
  mkdirSync(dataDir)
  const { port } = serve({ pending: permission })
  writeFileSync(join(dataDir, 'orbitdock.pid'), `${process.pid}\n127.0.0.1:${port}\n`)
  const { stdout } = await runCli(['session', 'answer', '1a2b3', 'x', '--data-dir', dataDir], { home: home.path })
  const quoted = `'${dataDir.replace("'", "'\\''")}'`
  expect(JSON.parse(stdout).message).toEndWith(`orbitdock-server session approve 1a2b3 --data-dir ${quoted}`)
})

test('the token of the data directory goes to no other server', async () => {
  mkdirSync(join(home.path, '.orbitdock'), { recursive: true })
  writeFileSync(join(home.path, '.orbitdock', 'auth-token'), 'tok')
  serve({ token: 'tok' })
  expect((await run(['list'])).code).toBe(1)
})

test('a proxy of the environment is not asked', async () => {
  serve()
  const proxy = { http_proxy: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1', all_proxy: 'http://127.0.0.1:1' }
  expect((await run(['list'], proxy)).code).toBe(0)
})
