/** The agents that run for the sessions of one host: one for each session, and never two at once. */
import type { Connector } from '../connectors/connector.ts'
import { systemTimers, type Timers } from '../lib/timers.ts'
import { localProcesses } from '../liveness/local-processes.ts'
import type { ToolLists } from '../session/effects.ts'
import type { SessionEvent } from '../session/events.ts'
import type { StoredMessage } from '../store/messages.ts'
import { readResumePoint } from '../store/resume-points.ts'
import { readToolLists } from '../store/tool-lists.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import { endStrayCommands, reap } from './agent-reaper.ts'
import { claudeOf } from './claude-of.ts'
import { DrivenTranscripts } from './driven-transcripts.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'
import { standingOf } from './standing.ts'

/** An agent from the moment it is wanted. */
export interface RunningAgent {
  readonly actor: Actor
  readonly connector: Connector
  pid: number | undefined
  /** Whether nobody listens to it any more. */
  isMute: boolean
}

export interface RunningAgentsParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly options: HostOptions
  readonly clock: () => number
  /** What the agent of a session tells. */
  tell(actor: Actor, events: readonly SessionEvent[]): void
}

export class RunningAgents {
  readonly #parts: RunningAgentsParts
  readonly #timers: Timers
  readonly #transcripts: DrivenTranscripts
  /** By session id. */
  readonly #running = new Map<string, RunningAgent>()
  /** Ends of agents that are on their way, by session id: two must not write to one conversation. */
  readonly #leaving = new Map<string, Promise<void>>()

  constructor(parts: RunningAgentsParts) {
    this.#parts = parts
    this.#timers = systemTimers(parts.clock)
    this.#transcripts = new DrivenTranscripts(parts)
  }

  get all(): readonly RunningAgent[] {
    return [...this.#running.values()]
  }

  of(sessionId: string): RunningAgent | undefined {
    return this.#running.get(sessionId)
  }

  /** Whether an agent of the session is on its way out. */
  isLeaving(sessionId: string): boolean {
    return this.#leaving.has(sessionId)
  }

  /**
   * The agent of a session, which takes wishes from now on but does not run yet. `tools`: where they are not stored yet.
   * Throws AgentError where there is none.
   */
  make(actor: Actor, tools?: ToolLists): RunningAgent {
    const { actors, options, outlet, tell } = this.#parts
    const { id, state } = actor
    const connector = claudeOf(state, {
      options,
      tools: tools ?? readToolLists(actors.reader, id),
      standing: () => standingOf(actor.state, readResumePoint(actors.reader, id), options),
      timers: this.#timers,
      listener: {
        events: (events) => agent.isMute || tell(actor, events),
        spawned: (pid) => this.#spawned(agent, pid),
        exited: (reason) => this.#exited(agent, reason),
        log: (level, event, fields) => outlet.log(level, event, { session_id: id, ...fields }),
      },
    })
    const agent: RunningAgent = { actor, connector, pid: undefined, isMute: false }
    this.#running.set(id, agent)
    return agent
  }

  /** Starts it once nobody else has the conversation. Rejects with AgentError, and then it is as if it had never been. */
  async launch(agent: RunningAgent): Promise<void> {
    const { id } = agent.actor
    while (this.#leaving.has(id)) await this.#leaving.get(id)
    try {
      await agent.connector.start()
    } catch (error) {
      this.#forget(agent)
      throw error
    }
  }

  /** Lets an agent go. */
  end(agent: RunningAgent): void {
    this.#forget(agent)
    this.#leave(agent.actor.id, agent.connector.stop(true))
  }

  /** Lets an agent go in whose place another one comes: its farewell is of no interest. */
  dismiss(agent: RunningAgent): void {
    agent.isMute = true
    this.end(agent)
  }

  /**
   * Ends a process that a killed server has left, takes over what it wrote since, and then calls `told`. `inTurn`: it was in
   * the middle of one.
   */
  bury(actor: Actor, process: { pid: number; start: string | null; inTurn: boolean }, told: () => void): void {
    const rows = process.inTurn ? this.#transcripts.rowsOf(actor) : []
    this.#leave(
      actor.id,
      reap(process.pid, process.start).then(async () => {
        endStrayCommands(actor.id)
        await this.#settle(actor, rows)
        told()
      }),
    )
  }

  /** Ends all; settles when no process is left. */
  async close(): Promise<void> {
    await Promise.all(this.all.map(({ connector }) => connector.stop(false)))
    await Promise.all(this.#leaving.values())
  }

  #spawned(agent: RunningAgent, pid: number): void {
    if (agent.pid !== undefined) agent.actor.store({ table: 'processes', remove: agent.pid })
    agent.pid = pid
    agent.actor.store({ table: 'processes', put: { pid, start: localProcesses.start(pid), hostId: '' } })
    this.#parts.tell(agent.actor, [])
  }

  #exited(agent: RunningAgent, reason: string | null): void {
    const { actor, pid } = agent
    this.#forget(agent)
    if (pid !== undefined) actor.store({ table: 'processes', remove: pid })
    endStrayCommands(actor.id)
    this.#leave(actor.id, this.#settle(actor))
    const message = `Claude Code left (${reason}). Your next message starts it again.`
    this.#parts.tell(actor, reason === null ? [] : [{ type: 'action_failed', message }])
  }

  #forget(agent: RunningAgent): void {
    if (this.#running.get(agent.actor.id) === agent) this.#running.delete(agent.actor.id)
  }

  #leave(sessionId: string, gone: Promise<void>): void {
    const left = Promise.all([this.#leaving.get(sessionId), gone]).then(() => {
      if (this.#leaving.get(sessionId) === left) this.#leaving.delete(sessionId)
    })
    this.#leaving.set(sessionId, left)
  }

  /** From here on the transcript is told of by whoever reads it. */
  async #settle(actor: Actor, rows: readonly StoredMessage[] = []): Promise<void> {
    try {
      this.#parts.tell(actor, await this.#transcripts.settle(actor, rows))
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown'
      this.#parts.outlet.log('warn', 'agent.transcript.failed', { session_id: actor.id, reason })
    }
  }
}
