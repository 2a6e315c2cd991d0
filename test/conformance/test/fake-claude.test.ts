/** The fake claude behaves as the recorded real one did. */
import { afterEach, describe, expect, test } from 'bun:test'
import { parseClaudeArgs } from '../fakes/claude-args.ts'
import { isObject, type JsonObject } from '../lib/json.ts'
import { FakeAgent, STREAM_JSON } from './fake-agent.ts'
import { outline, readRecording, strangeParts } from './recording.ts'

let agent: FakeAgent
afterEach(() => agent?.stop())

const start = async (args: string[] = [], env: Record<string, string> = {}) => {
  agent = await FakeAgent.start('claude', [...STREAM_JSON, ...args], env)
  return agent
}
const prompt = (text: string): JsonObject => ({
  type: 'user',
  message: { role: 'user', content: [{ type: 'text', text }] },
  parent_tool_use_id: null,
  session_id: '',
})

/** `user` lines differ by what they carry, `assistant` lines by their block. */
function tagOf(message: JsonObject): string {
  const { event, request, response } = message
  const inner = [event, request, response].find(isObject)
  const content = isObject(message.message) ? message.message.content : undefined
  const block = Array.isArray(content) ? content.find(isObject)?.type : undefined
  const carried = message.type === 'user' && message.isReplay ? 'replay' : block
  return [message.type, message.subtype, inner?.type ?? inner?.subtype, carried].filter(Boolean).join('/')
}
const NOISE = /thinking_tokens|tool_use_summary|rate_limit/

/** What the scenario plays between the server's recorded lines; a number sends that many of them. */
const text = (value: string): JsonObject => ({ kind: 'stream_text', chunks: [value.slice(0, 3), value.slice(3)] })
const tool: JsonObject = {
  kind: 'approval',
  tool_name: 'Bash',
  input: { command: 'touch a' },
  permission_suggestions: [],
}
const blocks = (...list: JsonObject[]): JsonObject => ({ kind: 'assistant', blocks: list })
const final = [blocks({ type: 'text', text: 'Done.' }), { kind: 'result', ok: true }]
const exchanges: [string, (number | JsonObject)[]][] = [
  [
    'claude-plain',
    [
      2,
      blocks({ type: 'thinking', thinking: 'Hm.', signature: '' }, { type: 'text', text: 'Hello.' }),
      { kind: 'result', ok: true },
    ],
  ],
  ['claude-allow', [2, text('I will run it.'), tool, 1, ...final]],
  ['claude-deny', [2, text('I will run it.'), tool, 1, ...final]],
  ['claude-deny-interrupt', [2, text('I will run it.'), tool, 1]],
  ['claude-interrupt', [2, text('slow slow'), 1]],
  ['claude-interrupt-approval', [2, text('I will run it.'), tool, 1]],
]

describe('fake claude', () => {
  test.each(exchanges)('%s: same order and shape as the real program', async (name, script) => {
    const recording = readRecording(name)
    const real = recording.flatMap(({ from, message }) => (from === 'agent' ? [message] : []))
    const said = recording.flatMap(({ from, message }) => (from === 'server' ? [message] : []))
    await start()
    await agent.report({ kind: 'spawn' })
    for (const part of script) {
      if (typeof part !== 'number') await agent.play(part)
      else for (const message of said.splice(0, part)) await say(message)
    }
    expect(said).toEqual([])
    await agent.line({ type: 'result' })
    expect(outline(agent.written, tagOf, NOISE)).toEqual(outline(real, tagOf, NOISE))
    expect(strangeParts(agent.written, real, tagOf)).toEqual([])
  })

  test('shows its command line, and keeps an id the server has chosen', async () => {
    await start([
      '--session-id',
      'abc',
      '--model',
      'm',
      '--allowedTools',
      'Bash(git:*),Read',
      '--permission-mode',
      'plan',
    ])
    const flags = {
      '--session-id': 'abc',
      '--model': 'm',
      '--allowedTools': ['Bash(git:*)', 'Read'],
      '--permission-mode': 'plan',
    }
    expect(await agent.report({ kind: 'spawn' })).toMatchObject({ session_id: 'abc', flags })
    await agent.play({ kind: 'init', session_id: 'other', model: 'n' })
    expect(await agent.line({ subtype: 'init' })).toMatchObject({
      session_id: 'abc',
      model: 'n',
      permissionMode: 'plan',
    })
  })

  test('writes session states only when asked', async () => {
    await start([], { CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1' })
    agent.send(prompt('go'))
    await agent.report({ kind: 'user', text: 'go' })
    await agent.play(tool, { kind: 'result', ok: true })
    await agent.line({ type: 'result' })
    await agent.line({ state: 'idle' })
    const states = agent.written.flatMap((message) =>
      message.subtype === 'session_state_changed' ? [message.state] : [],
    )
    expect(states).toEqual(['running', 'requires_action', 'idle'])
  })

  test('gives up on a line that is not JSON', async () => {
    await start()
    agent.send('{nonsense')
    expect(await agent.exit()).toBe(1)
  })

  test('cannot resume what was never written down, but can resume what was', async () => {
    await start(['--resume', '7ebfb1a4-0ed3-4854-8c3b-eb0c43fbb00a'])
    expect(await agent.line({ type: 'result' })).toMatchObject({ subtype: 'error_during_execution', is_error: true })
    expect(await agent.exit()).toBe(1)
  })

  test('leaves when its input ends', async () => {
    await start()
    await agent.report({ kind: 'spawn' })
    agent.endInput()
    expect(await agent.exit()).toBe(0)
  })

  test('refuses control requests it does not know', async () => {
    await start()
    agent.send({ type: 'control_request', request_id: 'x', request: { subtype: 'nope' } })
    const answer = { type: 'control_response', response: { subtype: 'error', request_id: 'x' } }
    expect(await agent.line(answer)).toMatchObject({ response: { error: 'Unsupported control request subtype: nope' } })
  })
})

/** Sends a recorded line; a decision is sent for the request that waits here. */
async function say(message: JsonObject): Promise<void> {
  if (message.type === 'control_response' && isObject(message.response)) {
    const { request_id } = await agent.line({ type: 'control_request' })
    agent.send({ ...message, response: { ...message.response, request_id: request_id ?? null } })
    await agent.report({ kind: 'approval_answer' })
  } else {
    agent.send(message)
    const request = isObject(message.request) ? message.request : undefined
    await agent.report({ kind: request ? String(request.subtype) : 'user' })
  }
}

test('command lines in every notation', () => {
  const flags = (...argv: string[]) => parseClaudeArgs(argv).flags
  expect(flags('--model=m', '-p', '--allowed-tools', 'A', 'B(x y)')).toEqual({
    '--model': 'm',
    '--print': true,
    '--allowedTools': ['A', 'B(x y)'],
  })
  expect(flags('--version')).toEqual({ '--version': true })
})
