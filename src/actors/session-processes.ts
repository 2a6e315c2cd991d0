/** Which processes hold which sessions of one host. A process holds one session at a time, a session may have several. */
import { localProcesses } from '../liveness/local-processes.ts'
import type { Actor } from './actor.ts'
import type { HostOutlet } from './host-outlet.ts'

export interface SessionProcess {
  readonly pid: number
  /** How the system tells its start. */
  readonly start: string | null
  readonly sessionId: string
  /** Whether this is the agent for certain: its record says so, or it has outlived the hook that named it. */
  readonly proven: boolean
  /** Whether the store knows of it. */
  readonly stored: boolean
  /** When it was found to hold a session, in Unix milliseconds. */
  readonly since: number
}

interface SessionProcessesParts {
  readonly outlet: HostOutlet
  readonly clock: () => number
  /** The name of this machine. */
  hostId(): string
}

export class SessionProcesses {
  readonly #parts: SessionProcessesParts
  readonly #byPid = new Map<number, SessionProcess>()
  readonly #bySession = new Map<string, Map<number, SessionProcess>>()

  constructor(parts: SessionProcessesParts) {
    this.#parts = parts
  }

  get all(): readonly SessionProcess[] {
    return [...this.#byPid.values()]
  }

  get(pid: number): SessionProcess | undefined {
    return this.#byPid.get(pid)
  }

  of(sessionId: string): readonly SessionProcess[] {
    return [...(this.#bySession.get(sessionId)?.values() ?? [])]
  }

  isHeld(sessionId: string): boolean {
    return this.#bySession.has(sessionId)
  }

  /** Whether the session goes on when this process leaves it. */
  isHeldBesides(sessionId: string, pid: number): boolean {
    const others = this.of(sessionId).filter((other) => other.pid !== pid && other.proven)
    return others.some((other) => localProcesses.isRunning(other.pid, other.start))
  }

  /** The process holds the session from now on; the store hears of it once that is certain and the session known. */
  attach(pid: number, sessionId: string, proven: boolean, actor: Actor | undefined): void {
    const { clock, hostId } = this.#parts
    const known = this.#byPid.get(pid)
    const start = known?.start ?? localProcesses.start(pid)
    const stored = proven && actor !== undefined
    this.#put({ pid, start, sessionId, proven, stored, since: known?.since ?? clock() })
    if (stored) this.#store(actor, { put: { pid, start, hostId: hostId() } })
  }

  /** The process held the session when the last server stopped, and lives. */
  restore(pid: number, sessionId: string, start: string): void {
    this.#put({ pid, start, sessionId, proven: true, stored: true, since: this.#parts.clock() })
  }

  /** The process holds its session no more; what the store knows of it is another matter. */
  detach(pid: number): void {
    const known = this.#byPid.get(pid)
    if (!known) return
    this.#byPid.delete(pid)
    const others = this.#bySession.get(known.sessionId)
    others?.delete(pid)
    if (others?.size === 0) this.#bySession.delete(known.sessionId)
  }

  /** The process holds this session no more. */
  release(actor: Actor, pid: number): void {
    if (this.#byPid.get(pid)?.sessionId === actor.id) this.detach(pid)
    this.#store(actor, { remove: pid })
  }

  /** Remembers that the session runs where nothing is known of its processes. */
  noteElsewhere(actor: Actor, pid: number, hostId: string): void {
    this.#store(actor, { put: { pid, start: null, hostId } })
  }

  #put(process: SessionProcess): void {
    const { pid, sessionId } = process
    this.detach(pid)
    this.#byPid.set(pid, process)
    const others = this.#bySession.get(sessionId)
    if (others) others.set(pid, process)
    else this.#bySession.set(sessionId, new Map([[pid, process]]))
  }

  #store(actor: Actor, row: { put: { pid: number; start: string | null; hostId: string } } | { remove: number }): void {
    actor.store({ table: 'processes', ...row })
    this.#parts.outlet.touch(actor)
  }
}
