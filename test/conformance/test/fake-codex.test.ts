/** The fake codex behaves as the recorded real one did. */
import { afterEach, describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { FakeAgent } from './fake-agent.ts'
import { outline, readRecording, strangeParts } from './recording.ts'

let agent: FakeAgent
afterEach(() => agent?.stop())

const start = async () => {
  agent = await FakeAgent.start('codex', ['app-server'])
  return agent
}

const NOISE = /configWarning|remoteControl|rateLimits|readState|^warning|tokenUsage|reasoning\/|outputDelta/
const text = (...chunks: string[]): JsonObject => ({ kind: 'stream_text', chunks })
const exec: JsonObject = {
  kind: 'approval',
  type: 'exec',
  request_id: 'e',
  command: 'touch a.txt',
  proposed_amendment: ['touch', 'a.txt'],
}
const done: JsonObject = { kind: 'turn_completed' }

/** What is played between the server's recorded lines; a number sends that many of them. */
const exchanges: [string, (number | JsonObject)[]][] = [
  ['codex-plain', [7, { kind: 'reasoning', text: 'Hm.' }, text('Hel', 'lo'), done]],
  ['codex-exec-accept', [4, text('I will.'), exec, 1, text('Done.'), done]],
  ['codex-exec-amend', [4, exec, 1, { kind: 'command', command: 'touch a.txt' }, text('Twice.'), done]],
  ['codex-exec-decline', [4, text('I will.'), exec, 1, text('Done.'), done]],
  ['codex-exec-cancel', [4, text('I will.'), exec, 1]],
  [
    'codex-patch-accept',
    [
      4,
      text('Patch.'),
      { kind: 'approval', type: 'patch', request_id: 'p', file_path: 'a', diff: '+x', change: 'add' },
      1,
      { kind: 'diff', diff: 'd' },
      text('Ok.'),
      { kind: 'diff', diff: 'd' },
      done,
    ],
  ],
  [
    'codex-question',
    [4, { kind: 'approval', type: 'question', request_id: 'q', question: 'Which?' }, 1, text('Thanks.'), done],
  ],
  ['codex-plan', [4, { kind: 'plan', plan: '[{"step":"a","status":"pending"}]' }, text('Planned.'), done]],
  ['codex-interrupt', [4, { ...text('part'), open: true }, 2]],
  [
    'codex-steer',
    [
      5,
      { ...text('Wor'), open: true },
      2,
      text('Working.'),
      { kind: 'command', command: 'sleep' },
      text('Finished.'),
      done,
    ],
  ],
]

describe('fake codex', () => {
  test.each(exchanges)('%s: same order and shape as the real program', async (name, script) => {
    const replay = new Replay(name)
    await start()
    for (const part of script) {
      if (typeof part !== 'number') await agent.play(part)
      else for (let count = 0; count < part; count++) await replay.sayNext()
    }
    expect(replay.left).toBe(0)
    await agent.line({ method: 'turn/completed' })
    const tagOf = (message: JsonObject) => replay.tagOf(message)
    expect(outline(agent.written, tagOf, NOISE)).toEqual(outline(replay.real, tagOf, NOISE))
    expect(strangeParts(agent.written, replay.real, tagOf)).toEqual([])
  })

  test('answers what it does not know with an error', async () => {
    await start()
    agent.send({ id: 1, method: 'model/list', params: {} })
    expect(await agent.line({ id: 1 })).toMatchObject({ error: { code: -32600, message: 'Not initialized' } })
    await initialize()
    agent.send({ id: 3, method: 'thread/rollback', params: {} })
    expect(await agent.line({ id: 3 })).toMatchObject({
      error: { code: -32600, message: expect.stringContaining('unknown variant `thread/rollback`') },
    })
    agent.send({ id: 4, method: 'thread/resume', params: { threadId: 'nobody' } })
    expect(await agent.line({ id: 4 })).toMatchObject({ error: { message: 'no rollout found for thread id nobody' } })
  })

  test('forks, reverts and reports by turns', async () => {
    await start()
    await initialize()
    const thread = await request('thread/start', { cwd: '/tmp', sandbox: 'read-only' })
    const threadId = idOf(thread.thread)
    for (const prompt of ['one', 'two', 'three']) {
      await request('turn/start', { threadId, input: [{ type: 'text', text: prompt, text_elements: [] }] })
      await agent.play(done)
    }
    const { data } = await request('thread/turns/list', { threadId, sortDirection: 'asc' })
    const turns = Array.isArray(data) ? data.filter(isObject).map((turn) => String(turn.id)) : []
    expect(turns).toHaveLength(3)
    const fork = await request('thread/fork', { threadId, lastTurnId: turns[0] as Json })
    expect(isObject(fork.thread) && fork.thread.turns).toHaveLength(1)
    expect(await agent.report({ kind: 'fork' })).toMatchObject({ nth_user_message: 1 })
    await request('thread/revert', { threadId, beforeTurnId: turns[1] as Json })
    expect(await agent.report({ kind: 'rollback' })).toMatchObject({ num_turns: 2 })
  })

  test('signs in, cancels and signs out', async () => {
    await start()
    await initialize()
    const { loginId } = await request('account/login/start', { type: 'chatgpt' })
    expect(await request('account/login/cancel', { loginId: randomUUID() })).toEqual({ status: 'notFound' })
    expect(await request('account/login/cancel', { loginId: loginId as Json })).toEqual({ status: 'canceled' })
    expect(await agent.line({ method: 'account/login/completed' })).toMatchObject({
      params: { loginId, success: false },
    })
    await request('account/login/start', { type: 'apiKey', apiKey: 'k' })
    expect(await request('account/read', {})).toMatchObject({ account: { type: 'apiKey' } })
    await request('account/logout', {})
    expect(await request('account/read', {})).toMatchObject({ account: null, requiresOpenaiAuth: true })
  })
})

let nextId = 100
async function request(method: string, params: JsonObject): Promise<JsonObject> {
  const id = nextId++
  agent.send({ id, method, params })
  const { result } = await agent.line({ id, result: { $any: true } })
  return isObject(result) ? result : {}
}

async function initialize(): Promise<void> {
  await request('initialize', {
    clientInfo: { name: 't', title: null, version: '0' },
    capabilities: { experimentalApi: true },
  })
  agent.send({ method: 'initialized' })
}

const idOf = (value: Json | undefined) => (isObject(value) ? String(value.id) : '')

/** Says a recorded client's lines again, with the ids this agent uses. */
class Replay {
  readonly real: JsonObject[]
  readonly #said: JsonObject[]
  readonly #methods = new Map<Json, string>()
  /** Recorded ids and the ids that stand for them here. */
  readonly #ids = new Map<string, string>()

  constructor(name: string) {
    const recording = readRecording(name)
    this.real = recording.flatMap(({ from, message }) => (from === 'agent' ? [message] : []))
    this.#said = recording.flatMap(({ from, message }) => (from === 'server' ? [message] : []))
  }

  get left(): number {
    return this.#said.length
  }

  tagOf(message: JsonObject): string {
    const params = isObject(message.params) ? message.params : {}
    const item = isObject(params.item) ? String(params.item.type) : undefined
    if (typeof message.method === 'string') return [message.method, item].filter(Boolean).join('/')
    const outcome = message.error ? 'error' : 'answer'
    return `${outcome} to ${this.#methods.get(message.id ?? null)}`
  }

  async sayNext(): Promise<void> {
    const message = this.#said.shift()
    if (!message) throw new Error('the recording is over')
    if (message.method === undefined) return this.#answer(message)
    this.#methods.set(message.id ?? null, String(message.method))
    agent.send(this.#translate(message) as JsonObject)
    if (message.id === undefined) return
    const answer = await agent.line({
      $or: [
        { id: message.id, result: { $any: true } },
        { id: message.id, error: { $any: true } },
      ],
    })
    const recorded = this.real.find((line) => line.id === message.id && line.method === undefined)
    this.#learn(recorded?.result, answer.result)
  }

  /** Recorded answers to questions: the question here may have another key. */
  async #answer(message: JsonObject): Promise<void> {
    const question = await agent.line({ id: message.id ?? null, method: { $any: true } })
    const result = isObject(message.result) ? message.result : {}
    const asked =
      isObject(question.params) && Array.isArray(question.params.questions) ? question.params.questions[0] : undefined
    const answers = isObject(result.answers)
      ? { answers: { [idOf(asked)]: Object.values(result.answers)[0] ?? null } }
      : {}
    agent.send({ ...message, result: { ...result, ...answers } })
    await agent.line({ method: 'serverRequest/resolved' })
  }

  #learn(recorded: Json | undefined, own: Json | undefined): void {
    if (!isObject(recorded) || !isObject(own)) return
    for (const key of ['thread', 'turn']) {
      if (recorded[key] && own[key]) this.#ids.set(idOf(recorded[key]), idOf(own[key]))
    }
  }

  #translate(value: Json): Json {
    if (typeof value === 'string') return this.#ids.get(value) ?? value
    if (Array.isArray(value)) return value.map((item) => this.#translate(item))
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#translate(item)]))
  }
}
