import { afterAll, afterEach, expect, setDefaultTimeout, test } from 'bun:test'
import { realpathSync } from 'node:fs'
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

const { id } = aSummary()
const another = '9f9f9f9f-0000-4000-8000-000000000009'

let server: ScriptedServer
afterEach(() => server[Symbol.asyncDispose]())

type Answers = Partial<Record<ClientMessage['type'], readonly ServerMessage[]>>

/** A server that knows one session, carries out whatever it is asked to, and says `answers` before it says so. */
function serve(answers: Answers = {}, ack: { ok: boolean; code?: string; message?: string } = { ok: true }) {
  const answer = (message: ClientMessage): ServerMessage[] => {
    const said = [...(answers[message.type] ?? [])]
    if (message.type === 'subscribe_list') return [{ type: 'sessions_list', sessions: [aSummary({ id })] }]
    if (message.type === 'subscribe_session' && said.length === 0) {
      return [{ type: 'session_snapshot', session: aSnapshot({ id }) }]
    }
    if (!('command_id' in message) || message.command_id === undefined) return said
    const { command_id } = message
    return [...said, { type: 'command_ack', command_id, session_id: id, ...ack }]
  }
  server = new ScriptedServer({ answer })
}

function run(...args: string[]) {
  return runCli(['session', ...args], { home: home.path, env: { ORBITDOCK_URL: server.url } })
}

const read = (...args: string[]) => run(...args, '--json=false')

const delta = (changes: Extract<ServerMessage, { type: 'session_delta' }>['changes']): ServerMessage => ({
  type: 'session_delta',
  session_id: id,
  changes,
})
const working = delta({ work_status: 'working' })
const waiting = delta({ work_status: 'waiting' })
const says = (content: string): ServerMessage => ({
  type: 'message_appended',
  session_id: id,
  message: aMessage({ id: `m:${content}`, content }),
})

test('create starts an agent in the directory, as the wire names everything', async () => {
  serve({ create_session: [{ type: 'session_snapshot', session: aSnapshot({ id: another }) }] })
  const { code, stdout } = await run(
    ...[
      'create',
      '-p',
      'claude',
      '--model',
      'opus',
      '--permission-mode',
      'accept-edits',
      '--allowed-tools',
      'Bash, Read',
    ],
  )
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { session_id: another, provider: 'claude', project_path: '/home/ada/engine', status: 'active' },
  ])
  expect(server.heard.at(-1)).toMatchObject({
    type: 'create_session',
    provider: 'claude',
    cwd: realpathSync(home.path),
    model: 'opus',
    permission_mode: 'acceptEdits',
    allowed_tools: ['Bash', 'Read'],
  })
  expect((await read('create', '-p', 'claude')).stdout).toContain(`session send ${another}`)
})

test('an agent that cannot be started fails the command, in the words of the server', async () => {
  const failure = {
    type: 'error',
    code: 'claude_error',
    message: 'Claude was not found.',
    session_id: another,
  } as const
  serve({ create_session: [{ type: 'session_snapshot', session: aSnapshot({ id: another }) }, failure] })
  expect(await read('create', '-p', 'claude')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: Claude was not found.\n',
  })
})

test('send shows the turn until it is over', async () => {
  serve({ send_message: [working, says('Hello.'), waiting, says('This is of a later turn.')] })
  const { code, stdout } = await read('send', id, 'Say hello', '--effort', 'high')
  expect(code).toBe(0)
  expect(stdout).toContain('Hello.')
  expect(server.heard.at(-1)).toMatchObject({ type: 'send_message', content: 'Say hello', effort: 'high' })
})

test('send writes the frames for programs', async () => {
  serve({ send_message: [working, says('Hello.'), waiting] })
  const types = (await run('send', id, 'x')).stdout.trim().split('\n')
  expect(types.map((line) => JSON.parse(line).type)).toEqual(['session_delta', 'message_appended', 'session_delta'])
})

test('send stops at a prompt, and names the command that answers it', async () => {
  serve({
    send_message: [working, { type: 'approval_requested', session_id: id, request: aRequest({ session_id: id }) }],
  })
  const { code, stdout } = await read('send', id, 'x')
  expect([code, stdout]).toEqual([0, expect.stringContaining(`session approve ${id}`)])
})

test('send does not have to wait', async () => {
  serve()
  expect(await read('send', id, 'x', '-n')).toMatchObject({ code: 0, stdout: 'Message sent.\n' })
})

test('what is refused fails with 1', async () => {
  serve({}, { ok: false, code: 'not_found', message: 'It can be watched, not driven.' })
  for (const words of [
    ['send', id, 'x'],
    ['steer', id, 'x'],
    ['interrupt', id],
    ['compact', id],
    ['undo', id],
  ]) {
    expect(await read(...words)).toEqual({ code: 1, stdout: '', stderr: 'error: It can be watched, not driven.\n' })
  }
})

test('nothing is sent without a text', async () => {
  serve()
  expect(await read('send', id, '  ')).toMatchObject({ code: 1, stderr: 'error: The text is empty.\n' })
  expect(server.heard).toEqual([])
})

test('Ctrl-C leaves the turn alone, and says how to stop it', async () => {
  serve({ send_message: [working, says('This takes long.')] })
  await using terminal = new Terminal({
    command: [...serverCommand(), 'session', 'send', id, 'x'],
    cwd: home.path,
    env: cliEnvironment({ home: home.path, env: { ORBITDOCK_URL: server.url } }),
    columns: 160,
  })
  await terminal.waitForText('This takes long.')
  terminal.press('ctrlC')
  expect(await terminal.exited()).toBe(0)
  expect(terminal.screen()).toContain(`orbitdock-server session interrupt ${id}`)
  expect(server.heard.map(({ type }) => type)).not.toContain('interrupt_session')
})

test('interrupt tells what became of the session', async () => {
  serve({
    subscribe_session: [{ type: 'session_snapshot', session: aSnapshot({ id, work_status: 'working' }) }],
    interrupt_session: [waiting],
  })
  expect(await read('interrupt', id)).toMatchObject({ code: 0, stdout: 'Session interrupted. Status: waiting\n' })
})

test('end tells the reason, also of a session that is over already', async () => {
  serve({ end_session: [{ type: 'session_ended', session_id: id, reason: 'user_requested' }] })
  expect(await read('end', id)).toMatchObject({ code: 0, stdout: 'Session ended: user_requested\n' })
  await server[Symbol.asyncDispose]()
  const over = aSnapshot({ id, status: 'ended', work_status: 'ended', end_reason: 'process_gone' })
  serve({ subscribe_session: [{ type: 'session_snapshot', session: over }] })
  expect(await read('end', id)).toMatchObject({ code: 0, stdout: 'Session ended: process_gone\n' })
  expect(server.heard.map(({ type }) => type)).not.toContain('end_session')
})

test('end names the command that goes on in a terminal', async () => {
  const known = {
    project_path: '/home/ada/my engine',
    transcript_path: `/home/ada/.claude/projects/x/${another}.jsonl`,
  }
  serve({
    subscribe_session: [{ type: 'session_snapshot', session: aSnapshot({ id, ...known }) }],
    end_session: [{ type: 'session_ended', session_id: id, reason: 'user_requested' }],
  })
  const command = `cd '/home/ada/my engine' && claude --resume ${another}`
  expect((await read('end', id)).stdout).toBe(`Session ended: user_requested\nGo on in a terminal: ${command}\n`)
  expect(JSON.parse((await run('end', id)).stdout)).toMatchObject({ resume_command: command })
})

test('fork tells the new session, and from which prompt of the old one it goes on', async () => {
  serve({
    fork_session: [
      { type: 'session_snapshot', session: aSnapshot({ id: another }) },
      { type: 'session_forked', source_session_id: id, new_session_id: another },
    ],
  })
  expect(JSON.parse((await run('fork', id, '--nth-user-message', '2')).stdout)).toEqual({
    forked: true,
    source_session_id: id,
    new_session_id: another,
  })
  expect(server.heard.at(-1)).toMatchObject({ type: 'fork_session', source_session_id: id, nth_user_message: 2 })
  expect((await read('fork', id, '--nth-user-message', 'two')).code).toBe(2)
})

test('resume tells how the session stands', async () => {
  serve({ resume_session: [{ type: 'session_snapshot', session: aSnapshot({ id, work_status: 'waiting' }) }] })
  expect(await read('resume', id)).toMatchObject({ code: 0, stdout: 'Session resumed. Status: waiting\n' })
})

test('rename gives a name and takes it away', async () => {
  serve()
  expect((await read('rename', id, '--name', 'Engine')).stdout).toBe('Session renamed to: Engine\n')
  expect(server.heard.at(-1)).toMatchObject({ type: 'rename_session', name: 'Engine' })
  expect((await read('rename', id)).stdout).toBe('The name is cleared.\n')
  expect(server.heard.at(-1)).not.toHaveProperty('name')
})

test('the context is compacted, undone and rolled back', async () => {
  serve({
    compact_context: [{ type: 'context_compacted', session_id: id }],
    undo_last_turn: [{ type: 'undo_completed', session_id: id, success: false, message: 'Nothing to undo.' }],
    rollback_turns: [{ type: 'thread_rolled_back', session_id: id, num_turns: 2 }],
  })
  expect((await read('compact', id)).stdout).toBe('Context compacted.\n')
  expect(await read('undo', id)).toMatchObject({ code: 1, stdout: 'Nothing to undo.\n' })
  expect((await read('rollback', id, '--turns', '2')).stdout).toBe('Rolled back 2 turns.\n')
  expect((await read('rollback', id, '--turns', '0')).code).toBe(2)
})

test('the queue is shown with what waits, and what can be done about it', async () => {
  const queued_prompts = ['Run the tests.', 'Commit.'].map((content, index) => ({
    id: `queued-${index}`,
    content,
    image_count: index,
    created_at: '1771700000Z',
  }))
  serve({
    subscribe_session: [{ type: 'session_snapshot', session: aSnapshot({ id, queued_prompts, queue_held: true }) }],
  })
  const { stdout } = await read('queue', id)
  expect(stdout.split('\n').slice(0, 2)).toEqual(['1  Run the tests.', '2  Commit. [1 picture]'])
  expect(stdout).toContain(`session queue ${id} --release`)
  await read('queue', id, '--remove', '1')
  expect(server.heard).toContainEqual(expect.objectContaining({ type: 'remove_queued_prompt', queued_id: 'queued-0' }))
  await read('queue', id, '--edit', '2', '--text', 'Commit all.')
  expect(server.heard).toContainEqual(
    expect.objectContaining({ type: 'edit_queued_prompt', queued_id: 'queued-1', content: 'Commit all.' }),
  )
  await read('queue', id, '--release')
  expect(server.heard.map(({ type }) => type)).toContain('release_queue')
  expect(await read('queue', id, '--remove', '3')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('2 prompts wait'),
  })
  expect((await read('queue', id, '--edit', '1')).code).toBe(2)
})

test('an empty queue says so', async () => {
  serve()
  expect((await read('queue', id)).stdout).toBe('No prompt waits.\n')
})
