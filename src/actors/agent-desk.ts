/** Takes what clients and sessions want of agents that the server runs. */
import { statSync } from 'node:fs'
import type { Connector } from '../connectors/connector.ts'
import type { Hook } from '../hooks/hook.ts'
import { countAt, textAt } from '../lib/json.ts'
import type { GatewayMessage } from '../protocol/client/index.ts'
import { errorFrame } from '../protocol/errors.ts'
import type { AgentAction, ToolLists } from '../session/effects.ts'
import type { SessionEvent } from '../session/events.ts'
import { readAbandonedProcesses, readUnattendedTurns } from '../store/session-processes.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { ClientDesk } from './client-desk.ts'
import { planFork } from './fork-plan.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'
import type { LivenessDesk } from './liveness-desk.ts'
import { cannotResume } from './resumable.ts'
import { type RunningAgent, RunningAgents } from './running-agents.ts'
import { hostOf } from './shard.ts'
import { TakeBack, takesBack } from './take-back.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

interface AgentDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly clients: ClientDesk
  readonly liveness: LivenessDesk
  readonly transcripts: TranscriptDesk
  readonly options: HostOptions
  readonly clock: () => number
}

type Create = Extract<GatewayMessage, { type: 'create_session' }>
type Fork = Extract<GatewayMessage, { type: 'fork_session' }>

/** What there is to know of a new session besides what it is. */
interface Opening {
  readonly tools?: ToolLists
  /** The session whose history it begins with. */
  readonly source?: string
}

/** Wishes that start an agent where none runs. */
const NEEDS_AGENT: ReadonlySet<AgentAction['do']> = new Set(['send', 'steer', 'compact'])

export class AgentDesk {
  readonly #parts: AgentDeskParts
  readonly #agents: RunningAgents
  readonly #takeBack: TakeBack
  #isClosed = false

  constructor(parts: AgentDeskParts) {
    this.#parts = parts
    const tell = (actor: Actor, events: readonly SessionEvent[]) => this.#tell(actor, events)
    this.#agents = new RunningAgents({ ...parts, tell })
    this.#takeBack = new TakeBack({ ...parts, agents: this.#agents, tell })
  }

  /** Whether an agent of the session runs here. */
  has({ id }: Actor): boolean {
    return this.#agents.of(id) !== undefined
  }

  /** Of the agent that runs for a session. */
  connectorOf(sessionId: string): Connector | undefined {
    return this.#agents.of(sessionId)?.connector
  }

  /** Whether a hook comes from the agent of a session that the server drives. */
  isBehind(actor: Actor, { body }: Hook): boolean {
    const { id, state } = actor
    if (state.integrationMode !== 'direct') return false
    return this.has(actor) || textAt(body, 'orbitdock_session_id') === id || countAt(body, 'pid') === null
  }

  /** Whether the server drives the session, but has no agent for it now. */
  isFree(actor: Actor): boolean {
    return actor.state.integrationMode === 'direct' && !this.has(actor) && !this.#agents.isLeaving(actor.id)
  }

  /** Clears away what a killed server has left, and says so in its sessions. */
  watch(): void {
    const { actors } = this.#parts
    // Where only this thread has died, nobody has closed the turn yet.
    const closed = { type: 'turn_aborted', reason: 'agent_left' } as const
    const unattended = readUnattendedTurns(actors.reader)
    for (const abandoned of readAbandonedProcesses(actors.reader)) {
      const { sessionId, pid, inTurn } = abandoned
      const actor = this.#own(sessionId)
      if (!actor) continue
      actor.store({ table: 'processes', remove: pid })
      actor.store({ table: 'sessions', put: { currentTurnId: null } })
      this.#tell(actor, [closed])
      this.#agents.bury(actor, abandoned, () => this.#tell(actor, inTurn ? [interruption('was killed')] : []))
    }
    for (const sessionId of unattended) {
      const actor = this.#own(sessionId)
      actor?.store({ table: 'sessions', put: { currentTurnId: null } })
      if (actor) this.#tell(actor, [closed, interruption('was killed')])
    }
  }

  /** The session, if it lives in this thread. */
  #own(sessionId: string): Actor | undefined {
    const { actors, options, clock } = this.#parts
    const { index, hosts } = options.shard
    return hostOf(sessionId, hosts) === index ? actors.find(sessionId, clock()) : undefined
  }

  /** Makes a session for the client that wants it. */
  create({ sessionId, number, text }: ToHost): void {
    const { actors, outlet, clock } = this.#parts
    const wish: Create = JSON.parse(text)
    if (!isDirectory(wish.cwd))
      return outlet.letter('refuse', sessionId, number, `400 There is no directory ${wish.cwd} on this machine.`)
    const tools = { allowedTools: wish.allowed_tools, disallowedTools: wish.disallowed_tools }
    const actor = actors.findOrCreate(sessionId, clock())
    actor.store({ table: 'tool_lists', put: tools })
    this.#open(actor, describe(wish), number, { tools })
  }

  /** Makes a session that begins with the history of another one, for the client that wants it. */
  async fork({ sessionId, number, text }: ToHost): Promise<void> {
    const { actors, options, outlet, clock } = this.#parts
    const wish: Fork = JSON.parse(text)
    const plan = await planFork(wish, { reader: actors.reader, options })
    if (plan.type === 'error') {
      outlet.reply(sessionId, number, plan)
      outlet.letter('done', sessionId, number)
      return outlet.finish()
    }
    const actor = actors.findOrCreate(sessionId, clock())
    actor.store({ table: 'tool_lists', put: plan.tools })
    actor.store({ table: 'resume_points', put: plan.point })
    this.#open(actor, plan.events, number, { tools: plan.tools, source: wish.source_session_id })
  }

  /** Goes on with a session that has ended, or that nobody holds, as one that the server drives. */
  resume({ sessionId, number }: ToHost): void {
    const { actors, outlet, liveness, transcripts, clock } = this.#parts
    const actor = actors.find(sessionId, clock())
    const refusal = cannotResume(sessionId, actor?.state, liveness)
    if (refusal || !actor) {
      outlet.reply(sessionId, number, refusal ?? errorFrame('not_found', sessionId))
      return outlet.letter('done', sessionId, number)
    }
    // What its agent writes from now on is told sooner, and the reader would tell it again.
    transcripts.forget(actor)
    const { claudeSdkSessionId, integrationMode } = actor.state
    const known = claudeSdkSessionId ?? (integrationMode === 'direct' ? null : sessionId)
    const conversation = known === null ? {} : { claudeSdkSessionId: known }
    const event = { type: 'session_described', quiet: true, source: 'resume', integrationMode: 'direct' } as const
    this.#open(actor, [{ ...event, ...conversation }], number)
  }

  /** Somebody else goes on with a session that the server has driven, in a terminal: from now on it is watched. */
  handOver(actor: Actor): void {
    this.#tell(actor, [{ type: 'session_described', quiet: true, integrationMode: 'passive' }])
  }

  /** Does what a session wants of its agent. */
  act(actor: Actor, action: AgentAction, sender: number): void {
    if (actor.state.provider !== 'claude' || this.#isClosed) return
    const agent = this.#agents.of(actor.id)
    if (action.do === 'end') return agent && this.#agents.end(agent)
    if (takesBack(action)) return this.#takeBack.act(actor, action, sender)
    if (agent) return agent.connector.act(action)
    if (!NEEDS_AGENT.has(action.do)) return
    const made = this.#make(actor)
    if (made instanceof Error) return this.#tell(actor, [notStarted(made)])
    made.connector.act(action)
    this.#parts.outlet.touch(actor)
    // A message that is handed over again after a death must not prompt twice.
    this.#parts.outlet.whenStored(() => void this.#start(made))
  }

  /** Ends all agents; settles when no process is left. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#takeBack.close()
    const stopped: readonly SessionEvent[] = [
      { type: 'turn_aborted', reason: 'server_stopped' },
      interruption('stopped'),
    ]
    for (const { actor } of this.#agents.all) if (actor.state.phase.name === 'working') this.#tell(actor, stopped)
    await this.#agents.close()
  }

  /** Shows a session to the client that wants it, and starts its agent. */
  #open(actor: Actor, events: readonly SessionEvent[], number: number, opening: Opening = {}): void {
    const { outlet, clients } = this.#parts
    // Its frames wait until the client has got the snapshot.
    outlet.letter('begin', actor.id, number)
    this.#tell(actor, events)
    outlet.letter('attend', actor.id, number)
    clients.snapshot(actor, number)
    const made = this.#make(actor, opening.tools)
    outlet.whenStored(() => void this.#begin(actor, made, number, opening.source))
  }

  #make(actor: Actor, tools?: ToolLists): RunningAgent | Error {
    try {
      return this.#agents.make(actor, tools)
    } catch (error) {
      return asError(error)
    }
  }

  /** The start for which a client waits: a session whose agent does not run is none. */
  async #begin(actor: Actor, made: RunningAgent | Error, number: number, source?: string): Promise<void> {
    const { outlet } = this.#parts
    const failure = made instanceof Error ? made : await this.#launched(made)
    if (failure && !this.#isClosed && actor.state.phase.name !== 'ended') {
      const [code, subject] =
        source === undefined ? (['claude_error', actor.id] as const) : (['fork_failed', source] as const)
      outlet.reply(actor, number, errorFrame(code, subject, failure.message))
      this.#tell(actor, [{ type: 'session_ended', reason: 'connector_failed' }])
    }
    if (!failure && source !== undefined)
      outlet.reply(actor, number, { type: 'session_forked', source_session_id: source, new_session_id: actor.id })
    outlet.letter('over', actor.id, number)
    outlet.finish()
  }

  /** A later start; what becomes of it is told as rows of the session. */
  async #start(agent: RunningAgent): Promise<void> {
    const failure = await this.#launched(agent)
    if (failure && !this.#isClosed) this.#tell(agent.actor, [notStarted(failure)])
  }

  /** Undefined once it runs, else why it does not. */
  async #launched(agent: RunningAgent): Promise<Error | undefined> {
    try {
      if (!this.#isClosed) await this.#agents.launch(agent)
      return undefined
    } catch (error) {
      return asError(error)
    }
  }

  #tell(actor: Actor, events: readonly SessionEvent[]): void {
    const { outlet, clock } = this.#parts
    for (const event of events) actor.apply({ from: 'agent', event }, clock(), 0, outlet)
    outlet.touch(actor)
    outlet.finish()
  }
}

function describe({ cwd, model, permission_mode: mode }: Create): readonly SessionEvent[] {
  return [
    {
      type: 'session_described',
      quiet: false,
      cwd,
      integrationMode: 'direct',
      ...(model === undefined ? {} : { model }),
    },
    // On its own, because clients of the original learn of it from a delta only.
    ...(mode === undefined ? [] : [{ type: 'permission_mode_reported', mode } as const]),
  ]
}

/** The prompt that wanted an agent will not be answered. */
function notStarted({ message }: Error): SessionEvent {
  return { type: 'turn_failed', code: 'connector_failed', message }
}

/** The session says why its agent did not finish. */
function interruption(how: 'stopped' | 'was killed'): SessionEvent {
  const message = `The server ${how} while Claude was at work. Your next message goes on from here.`
  return { type: 'action_failed', message }
}

function isDirectory(path: string): boolean {
  try {
    return path.startsWith('/') && statSync(path).isDirectory()
  } catch {
    return false
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('unknown')
}
