/** Runs the agents of the sessions that the server drives: a connector for each, started when it is needed. */
import { statSync } from 'node:fs'
import { ClaudeConnector } from '../connectors/claude/claude-connector.ts'
import { findClaude } from '../connectors/claude/find-claude.ts'
import type { Connector } from '../connectors/connector.ts'
import type { Hook } from '../hooks/hook.ts'
import { textAt } from '../lib/json.ts'
import { systemTimers, type Timers } from '../lib/timers.ts'
import { localProcesses } from '../liveness/local-processes.ts'
import type { GatewayMessage } from '../protocol/client/index.ts'
import { errorFrame } from '../protocol/errors.ts'
import type { AgentAction } from '../session/effects.ts'
import type { SessionEvent } from '../session/events.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { ClientDesk } from './client-desk.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { ToHost } from './letters.ts'

interface AgentDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly clients: ClientDesk
  readonly options: HostOptions
  readonly clock: () => number
}

type Create = Extract<GatewayMessage, { type: 'create_session' }>

interface ToolLists {
  readonly allowedTools: readonly string[]
  readonly disallowedTools: readonly string[]
}

const ANY_TOOLS: ToolLists = { allowedTools: [], disallowedTools: [] }

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
  /** What sessions were told about tools when they were created, by session id. */
  readonly #tools = new Map<string, ToolLists>()
  #isClosed = false

  constructor(parts: AgentDeskParts) {
    this.#parts = parts
    this.#timers = systemTimers(parts.clock)
  }

  /** Whether an agent of the session runs here. */
  has({ id }: Actor): boolean {
    return this.#running.has(id)
  }

  /** Whether a hook comes from the agent of a session that the server drives. */
  isBehind({ id, state }: Actor, { body }: Hook): boolean {
    if (state.integrationMode !== 'direct') return false
    return this.#running.has(id) || textAt(body, 'orbitdock_session_id') === id
  }

  /** Makes a session, shows it to the client that wants it, and starts its agent. */
  create({ sessionId, number, text }: ToHost): void {
    const { actors, outlet, clients, clock } = this.#parts
    const wish: Create = JSON.parse(text)
    if (!isDirectory(wish.cwd))
      return outlet.letter('refuse', sessionId, number, `400 There is no directory ${wish.cwd} on this machine.`)
    const actor = actors.findOrCreate(sessionId, clock())
    // Its frames wait until the client has got the snapshot.
    outlet.letter('begin', sessionId, number)
    this.#tools.set(sessionId, { allowedTools: wish.allowed_tools, disallowedTools: wish.disallowed_tools })
    this.#apply(actor, describe(wish))
    outlet.letter('attend', sessionId, number)
    clients.snapshot(actor, number)
    outlet.whenStored(() => void this.#begin(actor, number))
  }

  /** Does what a session wants of its agent. */
  act(actor: Actor, action: AgentAction, _sender: number): void {
    if (actor.state.provider !== 'claude' || this.#isClosed) return
    const running = this.#running.get(actor.id)
    if (action.do === 'end') return void running?.connector.stop(true)
    if (running) return running.connector.act(action)
    if (!NEEDS_AGENT.has(action.do)) return
    this.#parts.outlet.touch(actor)
    const started = this.#start(actor)
    started?.connector.act(action)
  }

  /** Ends all agents; settles when no process is left. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#running.values()].map(({ connector }) => connector.stop(false)))
  }

  /** The first start of an agent: a session whose agent never ran is none. */
  async #begin(actor: Actor, number: number): Promise<void> {
    const { outlet } = this.#parts
    if (this.#isClosed) return
    const failure = await this.#launch(actor)
    if (failure !== null) {
      outlet.reply(actor, number, errorFrame('claude_error', actor.id, failure))
      this.#apply(actor, [{ type: 'session_ended', reason: 'connector_failed' }])
    }
    outlet.letter('over', actor.id, number)
    outlet.finish()
  }

  /** Starts an agent behind what is stored; what becomes of that is told as rows of the session. */
  #start(actor: Actor): Running | undefined {
    const running = this.#make(actor)
    if (typeof running === 'string') {
      this.#apply(actor, [notStarted(running)])
      return undefined
    }
    this.#parts.outlet.whenStored(() => void this.#run(running))
    return running
  }

  async #run({ actor, connector }: Running): Promise<void> {
    try {
      await connector.start()
    } catch (error) {
      this.#apply(actor, [notStarted(reasonOf(error))])
    }
  }

  /** Null when it runs, else why it does not. */
  async #launch(actor: Actor): Promise<string | null> {
    const running = this.#make(actor)
    if (typeof running === 'string') return running
    try {
      await running.connector.start()
      return null
    } catch (error) {
      return reasonOf(error)
    }
  }

  /** A connector that has not started yet, or why there can be none. */
  #make(actor: Actor): Running | string {
    const { options } = this.#parts
    const { id, claudeSdkSessionId, model, permissionMode, projectPath } = actor.state
    let program: string
    try {
      program = findClaude({ configured: options.claudeBin, home: options.home, path: process.env.PATH ?? '' })
    } catch (error) {
      return reasonOf(error)
    }
    const running: Running = {
      actor,
      pid: undefined,
      connector: new ClaudeConnector({
        program,
        // Claude looks for a conversation below the directory in which it began.
        cwd: projectPath,
        env: process.env,
        launch: {
          sessionId: id,
          conversationId: claudeSdkSessionId ?? id,
          resumes: claudeSdkSessionId !== null,
          model,
          permissionMode,
          ...(this.#tools.get(id) ?? ANY_TOOLS),
        },
        timers: this.#timers,
        listener: {
          events: (events) => this.#apply(actor, events),
          spawned: (pid) => this.#spawned(running, pid),
          exited: (reason) => this.#exited(running, reason),
          log: (level, event, fields) => this.#parts.outlet.log(level, event, { session_id: id, ...fields }),
        },
      }),
    }
    this.#running.set(id, running)
    return running
  }

  #spawned(running: Running, pid: number): void {
    running.pid = pid
    const start = localProcesses.start(pid)
    running.actor.store({ table: 'processes', put: { pid, start, hostId: '' } })
    this.#apply(running.actor, [])
  }

  #exited(running: Running, reason: string | null): void {
    const { actor, pid } = running
    if (this.#running.get(actor.id) === running) this.#running.delete(actor.id)
    if (pid !== undefined) actor.store({ table: 'processes', remove: pid })
    const message = `Claude Code left (${reason}) Your next message starts it again.`
    this.#apply(actor, reason === null ? [] : [{ type: 'action_failed', message }])
  }

  #apply(actor: Actor, events: readonly SessionEvent[]): void {
    const { outlet, clock } = this.#parts
    for (const event of events) actor.apply({ from: 'agent', event }, clock(), 0, outlet)
    outlet.touch(actor)
    outlet.finish()
  }
}

/** Wishes that start an agent where none runs. */
const NEEDS_AGENT: ReadonlySet<AgentAction['do']> = new Set(['send', 'steer', 'compact', 'undo', 'rollback'])

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
function notStarted(message: string): SessionEvent {
  return { type: 'turn_failed', code: 'connector_failed', message }
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
