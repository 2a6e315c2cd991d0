import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { ClientMessage } from '../../../src/protocol/client/index.ts'
import type { ServerMessage } from '../../../src/protocol/server/index.ts'
import { cliEnvironment, runCli } from '../../support/cli-run.ts'
import { ScriptedServer } from '../../support/scripted-server.ts'
import { temporaryHome } from '../../support/temporary-home.ts'
import { Terminal } from '../../support/terminal.ts'
import { serverCommand } from '../../support/test-server.ts'
import { aMessage, aRequest, aSnapshot, aSummary } from '../../support/wire-builders.ts'

/** Each command is a process of its own, on a machine that may be busy. */
setDefaultTimeout(30_000)

const home = temporaryHome()
afterAll(() => home[Symbol.dispose]())

const id = aSummary().id
const session = { id, custom_name: 'Login bug', revision: 7 }
const prompt = aRequest({ session_id: id })
const over: ServerMessage = { type: 'session_ended', session_id: id, reason: 'user_requested' }

function answer(message: ClientMessage): ServerMessage[] {
  if (message.type === 'subscribe_list')
    return [{ type: 'sessions_list', sessions: [aSummary({ id, custom_name: 'Login bug' })] }]
  if (message.type === 'list_approvals') return [{ type: 'approvals_list', session_id: null, approvals: [] }]
  if (message.type !== 'subscribe_session') return []
  if (message.session_id !== id) {
    return [{ type: 'error', code: 'not_found', message: 'There is no such session.', session_id: message.session_id }]
  }
  const since = message.since_revision
  if (since !== undefined)
    return [
      {
        type: 'message_appended',
        session_id: id,
        message: aMessage({ content: `Since ${since}.` }),
        revision: since + 1,
      },
    ]
  return [{ type: 'session_snapshot', session: aSnapshot(session) }]
}

function watch(server: ScriptedServer, ...args: string[]) {
  return runCli(['session', 'watch', ...args], { home: home.path, env: { ORBITDOCK_URL: server.url } })
}

function openTerminal(server: ScriptedServer, ...args: string[]): Terminal {
  return new Terminal({
    // The shell stays, so that what the command leaves on the screen can be seen.
    command: [
      'sh',
      '-c',
      'trap : INT; "$@"; echo "left with $?"; exec cat',
      'sh',
      ...serverCommand(),
      'session',
      'watch',
      ...args,
    ],
    cwd: home.path,
    env: cliEnvironment({ home: home.path, env: { ORBITDOCK_URL: server.url } }),
    columns: 90,
    rows: 20,
  })
}

function typesIn(output: string): string[] {
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).type)
}

test('a program gets the frames of one session, the snapshot first, until it ends', async () => {
  await using server = new ScriptedServer({ answer })
  const watching = watch(server, '1a2b')
  await server.hears('subscribe_session')
  const foreign = aMessage({ session_id: 'another' })
  server.say({ type: 'message_appended', session_id: 'another', message: foreign }, over)
  const { code, stdout } = await watching
  expect([code, typesIn(stdout)]).toEqual([0, ['session_snapshot', 'session_ended']])
})

test('frames can be chosen by their type', async () => {
  await using server = new ScriptedServer({ answer })
  const watching = watch(server, id, '-f', 'message', '--filter', 'ended')
  await server.hears('subscribe_session')
  server.say({ type: 'message_appended', session_id: id, message: aMessage() }, over)
  expect(typesIn((await watching).stdout)).toEqual(['message_appended', 'session_ended'])
})

test('a session that is over is shown and done', async () => {
  await using server = new ScriptedServer({
    answer: () => [{ type: 'session_snapshot', session: aSnapshot({ id, status: 'ended', work_status: 'ended' }) }],
  })
  const { code, stdout } = await watch(server, id)
  expect([code, typesIn(stdout)]).toEqual([0, ['session_snapshot']])
})

test('a watch can be limited in time', async () => {
  await using server = new ScriptedServer({ answer })
  expect((await watch(server, id, '--timeout', '0.2')).code).toBe(0)
  expect((await watch(server, '--timeout', '0.2')).code).toBe(0)
})

test('a session that does not exist is an error', async () => {
  await using server = new ScriptedServer({ answer })
  const { code, stdout } = await watch(server, 'ffffffff-0000-4000-8000-000000000009')
  expect(code).toBe(1)
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ error: true, code: 'not_found' })
})

test('a time that is none is refused', async () => {
  await using server = new ScriptedServer({ answer })
  for (const time of ['0', '-1', 'soon', '']) expect((await watch(server, id, `--timeout=${time}`)).code).toBe(2)
})

test('after a restart of the server a watch goes on where it was', async () => {
  const first = new ScriptedServer({ answer })
  const watching = watch(first, id)
  await first.hears('subscribe_session')
  first.say({ type: 'message_appended', session_id: id, message: aMessage(), revision: 8 })
  const { port } = first
  await first[Symbol.asyncDispose]()
  await using second = new ScriptedServer({ answer, port })
  expect(await second.hears('subscribe_session')).toMatchObject({ since_revision: 8 })
  second.say(over)
  const { stdout, stderr } = await watching
  expect(typesIn(stdout)).toEqual(['session_snapshot', 'message_appended', 'message_appended', 'session_ended'])
  expect(stderr).toBe('Connection lost; trying again.\nConnected again.\n')
})

test('a client that was too slow asks for what it missed', async () => {
  await using server = new ScriptedServer({ answer })
  const watching = watch(server, id)
  await server.hears('subscribe_session')
  server.say({ type: 'error', code: 'lagged', message: 'Frames were skipped.', session_id: id })
  expect(await server.hears('subscribe_session', 2)).toMatchObject({ since_revision: 7 })
  server.say(over)
  expect((await watching).code).toBe(0)
})

test('a person sees the conversation and how to answer', async () => {
  await using server = new ScriptedServer({ answer })
  await using terminal = openTerminal(server, '1a2b')
  await terminal.waitForText('Login bug')
  server.say(
    { type: 'message_appended', session_id: id, message: aMessage({ content: 'Let me look.' }) },
    { type: 'approval_requested', session_id: id, request: prompt },
  )
  await terminal.waitForText('session approve 1a2b -d denied')
  expect(terminal.screen()).toContain('! Permission: Bash  rm -rf build')
  expect(terminal.screen()).toContain('Let me look.')
  terminal.press('ctrlC')
  await terminal.waitForText('left with 0')
})

test('a person sees all sessions change, in any size of window, until q', async () => {
  await using server = new ScriptedServer({ answer })
  await using terminal = openTerminal(server)
  await terminal.waitForText('Working')
  expect(terminal.screen()).toContain('1 session\n')
  server.say({ type: 'approval_requested', session_id: id, request: prompt })
  await terminal.waitForText('→ orbitdock-server session approve 1a2b3c4d')
  expect(terminal.screen()).toContain('1 session, 1 needs you')
  terminal.resize(50, 8)
  await terminal.waitForText(/^OrbitDock.*\n\nNeeds you\n.*Login bug\s+\d+d\n.*rm -rf build\n[\s\S]*q quits/)
  expect(terminal.screen().split('\n')).toHaveLength(8)
  terminal.press('q')
  await terminal.waitForText('left with 0')
  expect(terminal.screen()).not.toContain('Login bug')
})

test('a long list is scrolled by keys', async () => {
  const sessions = Array.from({ length: 60 }, (_, index) =>
    aSummary({ id: `${index}`, custom_name: `Session ${index}.` }),
  )
  await using server = new ScriptedServer({ answer: () => [{ type: 'sessions_list', sessions }] })
  await using terminal = openTerminal(server)
  await terminal.waitForText('44 more below')
  terminal.press('down')
  await terminal.waitForText('43 more below')
  expect(terminal.screen()).not.toContain('\n\nWorking')
  terminal.press('up')
  await terminal.waitForText('44 more below')
  expect(terminal.screen()).toContain('\n\nWorking')
})

test('a person is told about a lost connection, and that it is back', async () => {
  const first = new ScriptedServer({ answer })
  await using terminal = openTerminal(first)
  await terminal.waitForText('Login bug')
  const { port } = first
  await first[Symbol.asyncDispose]()
  await terminal.waitForText('Connection lost')
  await using second = new ScriptedServer({ answer, port })
  await second.hears('subscribe_list')
  await terminal.waitForNoText('Connection lost')
  expect(terminal.screen()).toContain('Login bug')
  terminal.press('ctrlC')
  await terminal.waitForText('left with 0')
})

test('a watch ends with the program that reads it', async () => {
  await using server = new ScriptedServer({ answer })
  const watching = Bun.spawn([...serverCommand(), 'session', 'watch', id], {
    env: cliEnvironment({ home: home.path, env: { ORBITDOCK_URL: server.url } }),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const reader = watching.stdout.getReader()
  await reader.read()
  await reader.cancel()
  const talk = setInterval(() => server.say({ type: 'message_appended', session_id: id, message: aMessage() }), 20)
  const code = await watching.exited
  clearInterval(talk)
  expect([code, await watching.stderr.text()]).toEqual([0, ''])
})
