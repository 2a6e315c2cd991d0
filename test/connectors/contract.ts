/** What the connector of any agent promises, as one suite that every connector has to pass. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { AgentError, type Connector, type ConnectorListener } from '../../src/connectors/connector.ts'
import { systemTimers, type Timers } from '../../src/lib/timers.ts'
import type { AgentAction } from '../../src/session/effects.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import type { Decision, PendingApproval } from '../../src/session/state.ts'
import { anApproval } from '../support/builders.ts'
import { HeldTimers } from '../support/held-timers.ts'
import { isAlive } from '../support/processes.ts'
import { Told } from './told.ts'

/** What an agent can be told to do by a prompt. */
export interface ContractPrompts {
  /** Say something and be done. */
  readonly answers: string
  /** Ask for permission to run a command, run it, say something and be done. */
  readonly asks: string
  /** Begin, and go on until `letGo` is called. */
  readonly waits: string
}

/** `silent` never says a word, `noisy` says much that nobody has heard of, `absent` is not installed. */
export type Variant = 'usual' | 'silent' | 'noisy' | 'absent'

/** A place in which agents of one kind run. */
export interface ContractWorld extends AsyncDisposable {
  readonly prompts: ContractPrompts
  /** A connector of a new conversation, which has not started. */
  make(listener: ConnectorListener, timers: Timers, variant: Variant): Connector
  /** Settles when the agent that was made last is in the middle of the prompt that `waits`. */
  reached(): Promise<void>
  letGo(): void
}

/** Milliseconds that pass at once where a test holds the time: longer than any deadline of a connector. */
const LONG_MS = 10 * 60_000
/** Milliseconds for one test. */
const TIMEOUT_MS = 60_000

/** Declares the suite for the agents of the worlds that `open` makes. */
export function connectorContract(name: string, open: () => Promise<ContractWorld>): void {
  describe(name, () => {
    let world: ContractWorld
    beforeAll(async () => {
      world = await open()
    }, TIMEOUT_MS)
    afterAll(() => world[Symbol.asyncDispose]())
    for (const [promise, body] of Object.entries({ ...starts, ...turns, ...approvals, ...ends, ...faults }))
      test(promise, () => body(world), TIMEOUT_MS)
  })
}

type Promised = Readonly<Record<string, (world: ContractWorld) => Promise<void>>>

const starts: Promised = {
  'a start settles when the agent takes prompts, and tells its process once': async (world) => {
    await using agent = await started(world)
    expect(agent.told.pids).toHaveLength(1)
    expect(isAlive(agent.pid)).toBe(true)
  },
  'a prompt that comes before the start is answered after it': async (world) => {
    await using agent = new Agent(world)
    agent.send(world.prompts.answers)
    await agent.connector.start()
    await agent.told.until('turn_completed')
  },
  'an agent that is not there is an AgentError': async (world) => {
    await using agent = new Agent(world, { variant: 'absent' })
    expect(agent.connector.start()).rejects.toBeInstanceOf(AgentError)
    expect(agent.told.pids).toEqual([])
  },
  'an agent that never says that it is ready is given up, and leaves no process': async (world) => {
    const timers = new HeldTimers()
    await using agent = new Agent(world, { variant: 'silent', timers })
    const start = agent.connector.start().catch((error: unknown) => error)
    await agent.told.begun()
    timers.pass(LONG_MS)
    expect(await start).toBeInstanceOf(AgentError)
    expect(isAlive(agent.pid)).toBe(false)
  },
  'a stop in the middle of the start leaves no process': async (world) => {
    await using agent = new Agent(world)
    const start = agent.connector.start().catch((error: unknown) => error)
    await agent.told.begun()
    await agent.connector.stop(true)
    expect(isAlive(agent.pid)).toBe(false)
    expect(await start).toBeInstanceOf(AgentError)
  },
  'a stop before the start is one': async (world) => {
    await using agent = new Agent(world)
    await agent.connector.stop(true)
    expect(agent.connector.start()).rejects.toBeInstanceOf(AgentError)
    expect(agent.told.pids).toEqual([])
  },
}

const turns: Promised = {
  'prompts are answered one after the other, each by a turn': async (world) => {
    await using agent = await started(world)
    for (const count of [1, 2]) {
      agent.send(world.prompts.answers)
      await agent.told.until('turn_completed', count)
    }
    expect(agent.told.of('turn_started')).toHaveLength(2)
    expect(agent.answers()).toHaveLength(2)
  },
  'a prompt that cannot be sent fails its turn': async (world) => {
    await using agent = await started(world)
    agent.send(world.prompts.answers, { images: [{ input_type: 'path', value: '/nowhere/picture.png' }] })
    expect((await agent.told.until('turn_failed')).message).toContain('/nowhere/picture.png')
    agent.send(world.prompts.answers)
    await agent.told.until('turn_completed')
  },
  'an interrupt ends the turn, and the next prompt is answered': async (world) => {
    await using agent = await started(world)
    await agent.waiting()
    agent.connector.act({ do: 'interrupt' })
    await agent.told.until('turn_aborted')
    world.letGo()
    agent.send(world.prompts.answers)
    await agent.told.until('turn_completed')
    expect(agent.told.of('turn_aborted')).toHaveLength(1)
  },
  'an interrupt takes back a prompt that was not sent yet': async (world) => {
    await using agent = new Agent(world)
    agent.send(world.prompts.waits)
    agent.connector.act({ do: 'interrupt' })
    await agent.told.until('turn_aborted')
    await agent.connector.start()
    agent.send(world.prompts.answers)
    await agent.told.until('turn_completed')
    expect(agent.told.of('turn_started')).toHaveLength(1)
  },
  'what becomes of guidance is told once': async (world) => {
    await using agent = await started(world)
    await agent.waiting()
    agent.connector.act({ do: 'steer', messageId: `${agent.sessionId}:guidance`, content: world.prompts.answers })
    world.letGo()
    await agent.told.until('turn_completed')
    await agent.untilOutcomes(1)
    const [outcome] = agent.outcomes()
    expect(['delivered', 'fallback']).toContain(String(outcome?.toolOutput))
    expect(agent.outcomes()).toHaveLength(1)
  },
}

const approvals: Promised = {
  'a permission is asked for once, and what was allowed happens': async (world) => {
    await using agent = await started(world)
    const approval = await agent.asked()
    agent.decide(approval, { verdict: 'approved' })
    expect((await agent.told.until('tool_finished')).isError).toBe(false)
    await agent.told.until('turn_completed')
    expect(agent.told.of('approval_requested')).toHaveLength(1)
  },
  'a second answer changes nothing': async (world) => {
    await using agent = await started(world)
    const approval = await agent.asked()
    agent.decide(approval, { verdict: 'denied' })
    agent.decide(approval, { verdict: 'approved' })
    expect((await agent.told.until('tool_finished')).isError).toBe(true)
    await agent.told.until('turn_completed')
    expect(agent.told.of('tool_finished')).toHaveLength(1)
  },
  'a refusal is a refusal': async (world) => {
    await using agent = await started(world)
    agent.decide(await agent.asked(), { verdict: 'denied', message: 'Not so.' })
    const { isError, output } = await agent.told.until('tool_finished')
    expect({ isError, output }).toEqual({ isError: true, output: expect.stringContaining('Not so.') })
    await agent.told.until('turn_completed')
  },
  'an abort ends the turn, and the next prompt is answered': async (world) => {
    await using agent = await started(world)
    agent.decide(await agent.asked(), { verdict: 'abort', interrupt: true })
    agent.send(world.prompts.answers)
    await agent.told.until('turn_completed')
    expect(agent.told.of('tool_finished').every(({ isError }) => isError)).toBe(true)
  },
  'an agent that dies takes back what it has asked, and says so': async (world) => {
    await using agent = await started(world)
    const { requestId } = await agent.asked()
    process.kill(agent.pid, 'SIGKILL')
    expect(await agent.told.left()).toContain('SIGKILL')
    expect(agent.told.of('approval_withdrawn')).toEqual([{ type: 'approval_withdrawn', requestId, eventId: null }])
    expect(agent.told.of('turn_aborted')).toHaveLength(1)
  },
}

const ends: Promised = {
  'a stop leaves no process, tells no reason, and may be repeated': async (world) => {
    for (const gently of [true, false]) {
      await using agent = await started(world)
      await Promise.all([agent.connector.stop(gently), agent.connector.stop(gently)])
      expect(isAlive(agent.pid)).toBe(false)
      await agent.connector.stop(gently)
      expect(agent.told.exits).toEqual([null])
    }
  },
  'a stop in the middle of a turn leaves no process, and nothing is told after it': async (world) => {
    await using agent = await started(world)
    await agent.waiting()
    await agent.connector.stop(false)
    expect(isAlive(agent.pid)).toBe(false)
    const { size } = agent.told
    world.letGo()
    agent.send(world.prompts.answers)
    agent.connector.act({ do: 'compact' })
    await agent.connector.stop(true)
    expect(agent.told.size).toBe(size)
  },
  'an agent that dies is told once, with the reason': async (world) => {
    await using agent = await started(world)
    await agent.waiting()
    process.kill(agent.pid, 'SIGKILL')
    expect(await agent.told.left()).toContain('SIGKILL')
    expect(agent.told.of('turn_aborted')).toHaveLength(1)
    await agent.connector.stop(false)
    expect(agent.told.exits).toHaveLength(1)
  },
  'a prompt for an agent that has died fails its turn': async (world) => {
    await using agent = await started(world)
    process.kill(agent.pid, 'SIGKILL')
    await agent.told.left()
    agent.send(world.prompts.answers)
    await agent.told.until('turn_failed')
  },
}

const faults: Promised = {
  'what nobody has heard of is noted once, and harms nothing': async (world) => {
    await using agent = new Agent(world, { variant: 'noisy' })
    await agent.connector.start()
    agent.send(world.prompts.answers)
    await agent.told.until('turn_completed')
    const notes = agent.told.logged.map(({ event, fields }) => JSON.stringify({ event, ...fields }))
    expect(notes.length).toBeGreaterThan(0)
    expect(notes.filter((note) => note.includes('unheard'))).toHaveLength(1)
  },
  'an agent that hangs ends its turn for an interrupt all the same': async (world) => {
    const timers = new HeldTimers()
    await using agent = await started(world, { timers })
    await agent.waiting()
    process.kill(agent.pid, 'SIGSTOP')
    agent.connector.act({ do: 'interrupt' })
    timers.pass(LONG_MS)
    await agent.told.until('turn_aborted')
    await agent.told.until('action_failed')
    await agent.connector.stop(true)
    expect(isAlive(agent.pid)).toBe(false)
  },
  'an agent that does not read its prompt is told': async (world) => {
    const timers = new HeldTimers()
    await using agent = await started(world, { timers })
    process.kill(agent.pid, 'SIGSTOP')
    agent.send(world.prompts.answers)
    await agent.told.until('turn_started')
    timers.pass(LONG_MS)
    await agent.told.until('action_failed')
    await agent.connector.stop(false)
    expect(isAlive(agent.pid)).toBe(false)
  },
}

interface AgentWishes {
  readonly variant?: Variant
  readonly timers?: Timers
}

async function started(world: ContractWorld, wishes: AgentWishes = {}): Promise<Agent> {
  const agent = new Agent(world, wishes)
  await agent.connector.start()
  return agent
}

/** One conversation, and what was told of it. */
class Agent implements AsyncDisposable {
  readonly told = new Told()
  readonly connector: Connector
  readonly sessionId = 'contract'
  readonly #world: ContractWorld
  #sent = 0

  constructor(world: ContractWorld, { variant = 'usual', timers = systemTimers() }: AgentWishes = {}) {
    this.#world = world
    this.connector = world.make(this.told, timers, variant)
  }

  get pid(): number {
    return this.told.pids[0] ?? 0
  }

  send(content: string, over: Partial<Extract<AgentAction, { do: 'send' }>> = {}): void {
    const messageId = `${this.sessionId}:prompt-${++this.#sent}`
    const wishes = { model: null, effort: null, skills: [], images: [], mentions: [] }
    this.connector.act({ do: 'send', messageId, content, ...wishes, ...over })
  }

  /** Comes to the middle of a turn. */
  async waiting(): Promise<void> {
    this.send(this.#world.prompts.waits)
    await this.#world.reached()
  }

  /** Comes to a permission that it wants. */
  async asked(): Promise<PendingApproval> {
    this.send(this.#world.prompts.asks)
    const { requestId, toolUseId = null, toolName, toolInput } = await this.told.until('approval_requested')
    return anApproval({ requestId: requestId ?? '', toolUseId, toolName, toolInput })
  }

  decide(approval: PendingApproval, over: Partial<Decision>): void {
    const none = { verdict: 'approved', message: null, interrupt: false, updatedInput: null, answer: null } as const
    this.connector.act({ do: 'decide', approval, decision: { ...none, ...over } })
  }

  /** What the agent has said. */
  answers(): readonly SessionEvent[] {
    return this.told.of('message_reported').filter(({ message }) => message.type === 'assistant' && !message.isError)
  }

  /** What was told of guidance. */
  outcomes() {
    return this.told.of('message_changed').filter(({ id }) => id.endsWith(':guidance'))
  }

  async untilOutcomes(count: number): Promise<void> {
    for (let seen = 1; this.outcomes().length < count; seen++) await this.told.until('message_changed', seen)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#world.letGo()
    await this.connector.stop(false)
  }
}
