import { afterAll, afterEach, expect, setDefaultTimeout, test } from 'bun:test'
import type { ClientMessage } from '../../../src/protocol/client/index.ts'
import type { BackgroundTask } from '../../../src/protocol/model/claude.ts'
import type { ServerMessage } from '../../../src/protocol/server/index.ts'
import { runCli } from '../../support/cli-run.ts'
import { ScriptedServer } from '../../support/scripted-server.ts'
import { temporaryHome } from '../../support/temporary-home.ts'
import { aSnapshot, aSummary } from '../../support/wire-builders.ts'

/** Each command is a process of its own, on a machine that may be busy. */
setDefaultTimeout(30_000)

const home = temporaryHome()
afterAll(() => home[Symbol.dispose]())

const { id } = aSummary()

let server: ScriptedServer
afterEach(() => server[Symbol.asyncDispose]())

/** A server that knows one session, answers with `answers`, and carries out whatever it is asked to. */
function serve(answers: Partial<Record<ClientMessage['type'], readonly ServerMessage[]>>) {
  const answer = (message: ClientMessage): ServerMessage[] => {
    const said = [...(answers[message.type] ?? [])]
    if (said.length === 0 && message.type === 'subscribe_session')
      return [{ type: 'session_snapshot', session: aSnapshot({ id }) }]
    if (!('command_id' in message) || message.command_id === undefined) return said
    return [...said, { type: 'command_ack', command_id: message.command_id, session_id: id, ok: true }]
  }
  server = new ScriptedServer({ answer })
}

const run = (...args: string[]) => runCli(['session', ...args], { home: home.path, env: { ORBITDOCK_URL: server.url } })
const read = (...args: string[]) => run(...args, '--json=false')

const aTask = (over: Partial<BackgroundTask> = {}): BackgroundTask => ({
  id: 'b6emaoxdp',
  type: 'shell',
  description: 'Serve the site',
  status: 'running',
  started_at: '1771700000Z',
  ...over,
})
const showing = (...background_tasks: BackgroundTask[]): ServerMessage[] => [
  { type: 'session_snapshot', session: aSnapshot({ id, background_tasks }) },
]

test('tasks are shown, and stopped by a beginning of their id', async () => {
  const stopped = aTask({ status: 'stopped' })
  serve({
    subscribe_session: showing(aTask({ id: 'done', status: 'completed' }), aTask()),
    stop_task: [{ type: 'session_delta', session_id: id, changes: { background_tasks: [stopped] } }],
  })
  expect((await read('tasks', id)).stdout.split('\n')).toEqual([
    expect.stringMatching(/^done +completed +shell +Serve the site$/),
    expect.stringMatching(/^b6emaoxdp +running +shell +Serve the site$/),
    '',
  ])
  expect((await read('tasks', id, '--stop', 'b6e')).stdout).toBe('Task b6emaoxdp: stopped\n')
  expect(server.heard.at(-1)).toMatchObject({ type: 'stop_task', session_id: id, task_id: 'b6emaoxdp' })
  expect(await read('tasks', id, '--stop', 'done')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No task'),
  })
})

test('tasks are JSON for programs', async () => {
  serve({ subscribe_session: showing(aTask()) })
  expect(JSON.parse((await run('tasks', id)).stdout)).toEqual({ session_id: id, background_tasks: [aTask()] })
})

test('nothing beside the conversation is said so', async () => {
  serve({})
  expect((await read('tasks', id)).stdout).toBe('Nothing runs beside the conversation.\n')
})

const usage = {
  session_id: id,
  model: 'claude-opus-4',
  total_tokens: 11_003,
  max_tokens: 200_000,
  categories: [{ name: 'System prompt', tokens: 1_966 }],
}

test('context tells how full it is, and of what', async () => {
  serve({ get_context_usage: [{ type: 'context_usage', ...usage }] })
  expect((await read('context', id)).stdout.split('\n')).toEqual([
    '11,003 of 200,000 tokens (6 %), claude-opus-4',
    expect.stringMatching(/^System prompt +1,966$/),
    '',
  ])
  expect(JSON.parse((await run('context', id)).stdout)).toEqual(usage)
})

test('context of a Claude that does not run fails with 1, in the words of the server', async () => {
  const failure = { type: 'error', code: 'session_not_found', message: 'It does not run.', session_id: id } as const
  serve({ get_context_usage: [failure] })
  expect(await read('context', id)).toEqual({ code: 1, stdout: '', stderr: 'error: It does not run.\n' })
})

test('models are listed with the efforts that they take', async () => {
  const models = [{ value: 'opus', display_name: 'Opus', description: 'The best', supported_efforts: ['low', 'high'] }]
  serve({ list_claude_models: [{ type: 'claude_models_list', session_id: id, models }] })
  expect((await read('models', id)).stdout).toMatch(/^opus +Opus +low high\n$/)
  expect(JSON.parse((await run('models', id)).stdout)).toEqual({ session_id: id, models })
})

test('mode is changed in the words of the agent', async () => {
  serve({})
  expect((await read('mode', id, 'accept-edits')).stdout).toBe('Permission mode: accept-edits\n')
  expect(server.heard.at(-1)).toMatchObject({ type: 'update_session_config', permission_mode: 'acceptEdits' })
  expect(await read('mode', id, 'yolo')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('bypass-permissions'),
  })
})
