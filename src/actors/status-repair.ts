/** Corrects what hooks made of the sessions of one host, once the records of their agents say otherwise for long enough. */
import { OBSERVATION_GRACE_MS, PROCESS_GRACE_MS } from '../lib/limits.ts'
import { dueAt, type HookView, type Observation } from '../liveness/doing.ts'
import type { SessionEvent } from '../session/events.ts'
import type { SessionState } from '../session/state.ts'
import { workStatus } from '../session/view.ts'
import { glanceAt, type SessionGlance } from '../store/session-glance.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

export interface StatusRepairParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly clock: () => number
  /** What the processes of a session say that it does; null for nothing. */
  observe(sessionId: string): Observation | null
  /** Whether any process holds the session. */
  isHeld(sessionId: string): boolean
  /** Does work that nobody waits for, and reports what goes wrong with it. */
  safely(work: () => void): void
}

interface Watched {
  /** When the main thread was heard of last, in Unix ms. */
  heardAt: number
  /** Until then more hooks may be on their way, in Unix ms. */
  quietUntil: number
  /** Set when its last process has gone. */
  lost: { readonly at: number; readonly reason: string; readonly pids: readonly number[] } | null
  timer: ReturnType<typeof setTimeout> | undefined
}

export class StatusRepair {
  readonly #parts: StatusRepairParts
  readonly #watched = new Map<string, Watched>()

  constructor(parts: StatusRepairParts) {
    this.#parts = parts
  }

  /** A hook told what the main thread does; `at` is Unix milliseconds. */
  heard(sessionId: string, at: number): void {
    const watched = this.#of(sessionId)
    watched.heardAt = Math.max(watched.heardAt, at)
    // Those that waited in the spool tell of the past, one after the other.
    watched.quietUntil = this.#parts.clock() + OBSERVATION_GRACE_MS
    this.consider(sessionId)
  }

  /** A process holds the session no more; unless another one does soon, the session is over. */
  left(sessionId: string, pid: number, reason: string): void {
    const watched = this.#of(sessionId)
    const pids = [...(watched.lost?.pids ?? []), pid]
    watched.lost = { at: this.#parts.clock(), reason, pids }
    this.consider(sessionId)
  }

  /** Compares what is said about a session, now and again when it matters. */
  consider(sessionId: string): void {
    const watched = this.#of(sessionId)
    clearTimeout(watched.timer)
    const due = watched.lost ? this.#judgeEnd(sessionId, watched) : this.#judgeStatus(sessionId, watched)
    if (due === null) return
    const { clock, safely } = this.#parts
    watched.timer = setTimeout(() => safely(() => this.consider(sessionId)), Math.max(0, due - clock()))
  }

  /** The session has ended; whoever comes next begins anew. */
  forget(sessionId: string): void {
    clearTimeout(this.#watched.get(sessionId)?.timer)
    this.#watched.delete(sessionId)
  }

  close(): void {
    for (const { timer } of this.#watched.values()) clearTimeout(timer)
    this.#watched.clear()
  }

  #of(sessionId: string): Watched {
    const known = this.#watched.get(sessionId)
    if (known) return known
    const watched = { heardAt: 0, quietUntil: 0, lost: null, timer: undefined }
    this.#watched.set(sessionId, watched)
    return watched
  }

  /** When to look again, in Unix milliseconds; null for never. */
  #judgeEnd(sessionId: string, watched: Watched): number | null {
    const { actors, clock, isHeld } = this.#parts
    if (!watched.lost) return null
    const { at, reason, pids } = watched.lost
    const isOver = !isHeld(sessionId)
    if (isOver && clock() < at + PROCESS_GRACE_MS) return at + PROCESS_GRACE_MS
    watched.lost = null
    const actor = actors.find(sessionId, clock())
    if (!actor || isDirect(actor.state)) return null
    for (const remove of pids) actor.store({ table: 'processes', remove })
    this.#apply(actor, isOver ? [{ type: 'session_ended', reason }] : [])
    if (isOver) this.forget(sessionId)
    else this.consider(sessionId)
    return null
  }

  #judgeStatus(sessionId: string, { heardAt, quietUntil }: Watched): number | null {
    const { actors, clock, observe } = this.#parts
    const observation = observe(sessionId)
    if (!observation) return null
    const now = clock()
    const known = actors.peek(sessionId)
    const view = known ? viewOfState(known.state, heardAt) : viewOfRow(glanceAt(actors.reader, sessionId), heardAt)
    const contradicts = view && dueAt(observation, view)
    if (contradicts === null) return null
    const due = Math.max(contradicts, quietUntil)
    if (due > now) return due
    if (!known) {
      // What is stored says less than the session itself.
      actors.find(sessionId, now)
      return now
    }
    if (!isDirect(known.state)) this.#apply(known, [{ type: 'status_observed', doing: observation.doing }])
    return null
  }

  #apply(actor: Actor, events: readonly SessionEvent[]): void {
    const { outlet, transcripts, clock } = this.#parts
    for (const event of events) actor.apply({ from: 'agent', event }, clock(), 0, outlet)
    outlet.touch(actor)
    outlet.finish()
    // What the agent wrote last shows how the turn ended.
    transcripts.poke(actor, null)
  }
}

function viewOfState(state: SessionState, heardAt: number): HookView | null {
  if (!state.listed) return null
  return {
    status: workStatus(state),
    heardAt: Math.max(heardAt, ...state.approvals.map(({ requestedAt }) => requestedAt)),
    hooked: state.observed === null,
  }
}

function viewOfRow(row: SessionGlance | undefined, heardAt: number): HookView | null {
  return row ? { status: row.workStatus, heardAt, hooked: row.observed === null } : null
}

function isDirect({ provider, integrationMode }: SessionState): boolean {
  return provider !== 'claude' || integrationMode === 'direct'
}
