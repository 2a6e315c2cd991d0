/** Finds the sessions of running Claudes that no hooks tell of, once they have written something. */
import { statSync } from 'node:fs'
import { findTranscript } from '../hooks/transcript-path.ts'
import { LATE_HOOK_MS, UNHOOKED_AFTER_MS } from '../lib/limits.ts'
import type { Observation } from '../liveness/doing.ts'
import type { RegistryRecord } from '../liveness/registry-record.ts'
import { glanceAt } from '../store/session-glance.ts'
import { turnAtEnd } from '../transcripts/turn-at-end.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { SessionProcesses } from './session-processes.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

export interface UnhookedSessionsParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly processes: SessionProcesses
  readonly clock: () => number
  /** Whether hooks come from a process. */
  isHooked(pid: number): boolean
  /** The session is shown from now on. */
  found(actor: Actor, pid: number): void
}

export class UnhookedSessions {
  readonly #parts: UnhookedSessionsParts
  /** By process. */
  readonly #candidates = new Map<number, RegistryRecord>()

  constructor(parts: UnhookedSessionsParts) {
    this.#parts = parts
  }

  /** A living process holds a session that is not shown as going on. */
  suspect(record: RegistryRecord): void {
    this.#candidates.set(record.pid, record)
  }

  /** Looks what has become of them. One with hooks would have told of its start by now, and before it writes anything. */
  look(): void {
    const { processes, clock, isHooked } = this.#parts
    for (const [pid, record] of this.#candidates) {
      if (processes.get(pid)?.sessionId !== record.sessionId || isHooked(pid)) this.#candidates.delete(pid)
      else if (clock() - record.startedAt >= UNHOOKED_AFTER_MS && this.#lookAt(record)) this.#candidates.delete(pid)
    }
  }

  /** What the transcript says that the session does, where its process says nothing. */
  observe(sessionId: string): Observation | null {
    const state = this.#parts.actors.peek(sessionId)?.state
    const turn = state?.observed && state.transcriptPath ? turnAtEnd(state.transcriptPath) : null
    const goesOn = turn?.goesOn || state?.subagents.some(({ endedAt }) => endedAt === null)
    return turn && { doing: goesOn ? 'working' : 'waiting', at: turn.at }
  }

  /** Whether the session needs no more looks. */
  #lookAt(record: RegistryRecord): boolean {
    const { actors, outlet, transcripts, clock, found } = this.#parts
    const { sessionId, cwd, configDir, pid } = record
    const stored = glanceAt(actors.reader, sessionId)
    const state = actors.peek(sessionId)?.state
    if (state?.listed ? state.phase.name !== 'ended' : stored?.status === 'active') return true
    const path = cwd === null ? null : findTranscript(sessionId, cwd, { configDirectory: configDir, home: '' })
    const endedAt = (state ?? stored)?.endedAt
    if (cwd === null || path === null || !wroteAfter(path, Math.max(record.startedAt, (endedAt ?? 0) + LATE_HOOK_MS)))
      return false
    const actor = actors.findOrCreate(sessionId, clock())
    const wakes = endedAt ? { source: 'resume' } : {}
    const seen = { type: 'session_described', quiet: false, cwd, transcriptPath: path, observed: 'transcript' } as const
    actor.apply({ from: 'agent', event: { ...seen, ...wakes } }, clock(), 0, outlet)
    outlet.touch(actor)
    found(actor, pid)
    outlet.finish()
    transcripts.poke(actor, configDir)
    return true
  }
}

/** Whether the file has something in it that was written after `at`, in Unix milliseconds. */
function wroteAfter(path: string, at: number): boolean {
  try {
    const { size, mtimeMs } = statSync(path)
    return size > 0 && mtimeMs > at
  } catch {
    return false
  }
}
