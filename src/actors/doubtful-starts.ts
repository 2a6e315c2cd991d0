/**
 * Starts whose process says that it holds another session. A fork of 2.1.197 names the session that it was made from,
 * which then is not running at all; but records are late too, so that a session that is really resumed looks the same
 * for a moment. Such a start waits until the record confirms it.
 */
import { DOUBT_MS_MAX, DOUBTS_MAX } from '../lib/limits.ts'
import type { RegistryRecord } from '../liveness/registry-record.ts'
import type { SessionEvent } from '../session/events.ts'

export interface DoubtfulStart {
  readonly sessionId: string
  readonly events: readonly SessionEvent[]
  /** Unix ms. */
  readonly at: number
}

export class DoubtfulStarts {
  /** By process. */
  readonly #starts = new Map<number, DoubtfulStart>()

  put(pid: number, start: DoubtfulStart): void {
    if (this.#starts.size < DOUBTS_MAX) this.#starts.set(pid, start)
  }

  /** Whether this process was said to start that session, and nothing has confirmed it yet. */
  has(pid: number, sessionId: string): boolean {
    return this.#starts.get(pid)?.sessionId === sessionId
  }

  /** The start that a record confirms. */
  confirmedBy({ pid, sessionId }: RegistryRecord): DoubtfulStart | undefined {
    const start = this.#starts.get(pid)
    if (start?.sessionId !== sessionId) return undefined
    this.#starts.delete(pid)
    return start
  }

  /** Gives up on those that nothing has confirmed. */
  sweep(now: number): void {
    for (const [pid, { at }] of this.#starts) if (now - at > DOUBT_MS_MAX) this.#starts.delete(pid)
  }
}
