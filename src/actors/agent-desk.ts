/** Runs the agents of the sessions that the server drives: a connector for each, started when it is needed. */
import { statSync } from 'node:fs'
import type { Connector } from '../connectors/connector.ts'
import type { Hook } from '../hooks/hook.ts'
import { countAt, textAt } from '../lib/json.ts'
import { systemTimers, type Timers } from '../lib/timers.ts'
import { localProcesses } from '../liveness/local-processes.ts'
import type { GatewayMessage } from '../protocol/client/index.ts'
import { errorFrame } from '../protocol/errors.ts'
import type { AgentAction } from '../session/effects.ts'
import type { SessionEvent } from '../session/events.ts'
import type { StoredMessage } from '../store/messages.ts'
import { type AbandonedProcess, readAbandonedProcesses } from '../store/session-processes.ts'
import { readToolLists } from '../store/tool-lists.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import { endStrayCommands, reap } from './agent-reaper.ts'
import { claudeOf } from './claude-of.ts'
import type { ClientDesk } from './client-desk.ts'
import { DrivenTranscripts } from './driven-transcripts.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'
import type { LivenessDesk } from './liveness-desk.ts'
import { cannotResume } from './resumable.ts'
import { hostOf } from './shard.ts'
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

/** Wishes that start an agent where none runs. */
const NEEDS_AGENT: ReadonlySet<AgentAction['do']> = new Set(['send', 'steer', 'compact', 'undo', 'rollback'])

/** An agent from the moment it is wanted. */
interface Running {
  readonly actor: Actor
  readonly connector: Connector
  pid: number | undefined
}

export class AgentDesk {
  readonly #parts: AgentDeskParts
  readonly #timers: Timers
  /** By session id. */
  readonly #running = new Map<string, Running>()
  /** Ends of agents that are on their way, by session id: two must not write to one conversation. */
  readonly #leaving = new Map<string, Promise<void>>()
  readonly #transcripts: DrivenTranscripts
  #isClosed = false

  constructor(parts: AgentDeskParts) {
    this.#parts = parts
    this.#transcripts = new DrivenTranscripts(parts)
    this.#timers = systemTimers(parts.clock)
  }

  /** Whether an agent of the session runs here. */
  has({ id }: Actor): boolean {
    return this.#running.has(id)
  }

  /** Whether a hook comes from the agent of a session that the server drives. */
  isBehind({ id, state }: Actor, { body }: Hook): boolean {
    if (state.integrationMode !== 'direct') return false
    return this.#running.has(id) || textAt(body, 'orbitdock_session_id') === id || countAt(body, 'pid') === null
  }

  /** Whether the session is driven by the server when it is driven, but has no agent now. */
  isFree({ id, state }: Actor): boolean {
    return state.integrationMode === 'direct' && !this.#running.has(id) && !this.#leaving.has(id)
  }

  /** Clears away what a killed server has left, and says so in its sessions. */
  watch(): void {
    const { actors, options } = this.#parts
    const { index, hosts } = options.shard
    for (const abandoned of readAbandonedProcesses(actors.reader))
      if (hostOf(abandoned.sessionId, hosts) === index) this.#clearAway(abandoned)
  }

  /** Makes a session, shows it to the client that wants it, and starts its agent. */
  create({ sessionId, number, text }: ToHost): void {
    const { actors, outlet, clock } = this.#parts
    const wish: Create = JSON.parse(text)
    if (!isDirectory(wish.cwd))
      return outlet.letter('refuse', sessionId, number, `400 There is no directory ${wish.cwd} on this machine.`)
    const { allowed_tools: allowedTools, disallowed_tools: disallowedTools } = wish
    const actor = actors.findOrCreate(sessionId, clock())
    if (allowedTools.length + disallowedTools.length > 0)
      actor.store({ table: 'tool_lists', put: { allowedTools, disallowedTools } })
    this.#open(actor, describe(wish), number)
  }

  /** Goes on with a session that has ended, or that nobody holds, as one that the server drives. */
  resume({ sessionId, number }: ToHost): void {
    const { actors, outlet, liveness, clock } = this.#parts
    const actor = actors.find(sessionId, clock())
    const refusal = cannotResume(sessionId, actor?.state, liveness)
    if (refusal || !actor) {
      outlet.reply(sessionId, number, refusal ?? errorFrame('not_found', sessionId))
      return outlet.letter('done', sessionId, number)
    }
    // What its agent writes from now on is told sooner, and the reader would tell it again.
    this.#parts.transcripts.forget(actor)
    const { claudeSdkSessionId, integrationMode } = actor.state
    const known = claudeSdkSessionId ?? (integrationMode === 'direct' ? null : sessionId)
    const conversation = known === null ? {} : { claudeSdkSessionId: known }
    const event = { type: 'session_described', quiet: true, source: 'resume', integrationMode: 'direct' } as const
    this.#open(actor, [{ ...event, ...conversation }], number)
  }

  /** Somebody else goes on with a session that the server has driven, in a terminal: from now on it is watched. */
  handOver(actor: Actor): void {
    this.#apply(actor, [{ type: 'session_described', quiet: true, integrationMode: 'passive' }])
  }

  /** Shows a session to the client that wants it, and starts its agent. */
  #open(actor: Actor, events: readonly SessionEvent[], number: number): void {
    const { outlet, clients } = this.#parts
    // Its frames wait until the client has got the snapshot.
    outlet.letter('begin', actor.id, number)
    this.#apply(actor, events)
    outlet.letter('attend', actor.id, number)
    clients.snapshot(actor, number)
    outlet.whenStored(() => void this.#begin(actor, number))
  }

  /** Does what a session wants of its agent. */
  act(actor: Actor, action: AgentAction): void {
    if (actor.state.provider !== 'claude' || this.#isClosed) return
    const running = this.#running.get(actor.id)
    if (action.do === 'end') return running ? this.#end(running) : undefined
    if (running) return running.connector.act(action)
    if (!NEEDS_AGENT.has(action.do)) return
    try {
      const started = this.#make(actor)
      started.connector.act(action)
      this.#parts.outlet.touch(actor)
      // A message that is handed over again after a death must not prompt twice.
      this.#parts.outlet.whenStored(() => void this.#resume(started))
    } catch (error) {
      this.#apply(actor, [notStarted(error)])
    }
  }

  /** Ends all agents; settles when no process is left. */
  async close(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#running.values()]
    const stopped: readonly SessionEvent[] = [
      { type: 'turn_aborted', reason: 'server_stopped' },
      interruption('stopped'),
    ]
    for (const { actor } of all) if (actor.state.phase.name === 'working') this.#apply(actor, stopped)
    await Promise.all(all.map(({ connector }) => connector.stop(false)))
    await Promise.all(this.#leaving.values())
  }

  /** The first start of an agent: a session whose agent never ran is none. */
  async #begin(actor: Actor, number: number): Promise<void> {
    const { outlet } = this.#parts
    const isWanted = () => !this.#isClosed && actor.state.phase.name !== 'ended'
    try {
      if (isWanted()) await this.#launch(this.#make(actor))
    } catch (error) {
      if (isWanted()) {
        outlet.reply(actor, number, errorFrame('claude_error', actor.id, reasonOf(error)))
        this.#apply(actor, [{ type: 'session_ended', reason: 'connector_failed' }])
      }
    }
    outlet.letter('over', actor.id, number)
    outlet.finish()
  }

  /** A later start; what becomes of it is told as rows of the session. */
  async #resume(running: Running): Promise<void> {
    try {
      await this.#launch(running)
    } catch (error) {
      if (!this.#isClosed) this.#apply(running.actor, [notStarted(error)])
    }
  }

  async #launch(running: Running): Promise<void> {
    while (this.#leaving.has(running.actor.id)) await this.#leaving.get(running.actor.id)
    try {
      await running.connector.start()
    } catch (error) {
      this.#forget(running)
      throw error
    }
  }

  #end(running: Running): void {
    const { actor, connector } = running
    this.#forget(running)
    this.#leave(actor.id, connector.stop(true))
  }

  #leave(sessionId: string, gone: Promise<void>): void {
    const earlier = this.#leaving.get(sessionId)
    const left = Promise.all([earlier, gone]).then(() => {
      if (this.#leaving.get(sessionId) === left) this.#leaving.delete(sessionId)
    })
    this.#leaving.set(sessionId, left)
  }

  #forget(running: Running): void {
    if (this.#running.get(running.actor.id) === running) this.#running.delete(running.actor.id)
  }

  /** Throws AgentError. */
  #make(actor: Actor): Running {
    const { actors, options, outlet } = this.#parts
    const { id, state } = actor
    const connector = claudeOf(state, {
      options,
      tools: readToolLists(actors.reader, id),
      timers: this.#timers,
      listener: {
        events: (events) => this.#apply(actor, events),
        spawned: (pid) => this.#spawned(running, pid),
        exited: (reason) => this.#exited(running, reason),
        log: (level, event, fields) => outlet.log(level, event, { session_id: id, ...fields }),
      },
    })
    const running: Running = { actor, connector, pid: undefined }
    this.#running.set(id, running)
    return running
  }

  #spawned(running: Running, pid: number): void {
    running.pid = pid
    running.actor.store({ table: 'processes', put: { pid, start: localProcesses.start(pid), hostId: '' } })
    this.#apply(running.actor, [])
  }

  #exited(running: Running, reason: string | null): void {
    const { actor, pid } = running
    this.#forget(running)
    if (pid !== undefined) actor.store({ table: 'processes', remove: pid })
    endStrayCommands(actor.id)
    this.#leave(actor.id, this.#settle(actor))
    const message = `Claude Code left (${reason}). Your next message starts it again.`
    this.#apply(actor, reason === null ? [] : [{ type: 'action_failed', message }])
  }

  #clearAway({ sessionId, pid, start, inTurn }: AbandonedProcess): void {
    const { actors, clock } = this.#parts
    const actor = actors.find(sessionId, clock())
    if (!actor) return
    const rows = inTurn ? this.#transcripts.rowsOf(actor) : []
    actor.store({ table: 'processes', remove: pid })
    actor.store({ table: 'sessions', put: { currentTurnId: null } })
    this.#leave(
      sessionId,
      this.#bury(actor, () => reap(pid, start), rows),
    )
    this.#apply(actor, [])
  }

  /** Ends what a killed server has left, takes over what it wrote since, and says so. */
  async #bury(actor: Actor, end: () => Promise<void>, rows: readonly StoredMessage[]): Promise<void> {
    await end()
    endStrayCommands(actor.id)
    await this.#settle(actor, rows)
    if (rows.length > 0) this.#apply(actor, [interruption('was killed')])
  }

  /** From here on the transcript is told of by whoever reads it. */
  async #settle(actor: Actor, rows: readonly StoredMessage[] = []): Promise<void> {
    try {
      this.#apply(actor, await this.#transcripts.settle(actor, rows))
    } catch (error) {
      this.#parts.outlet.log('warn', 'agent.transcript.failed', { session_id: actor.id, reason: reasonOf(error) })
    }
  }

  #apply(actor: Actor, events: readonly SessionEvent[]): void {
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
function notStarted(error: unknown): SessionEvent {
  return { type: 'turn_failed', code: 'connector_failed', message: reasonOf(error) }
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}
