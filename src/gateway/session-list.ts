/** The newest summary of every session a list can hold, as JSON text, and the frame made of them. */
import { LIST_BYTES_MAX, LIST_SESSIONS_MAX } from '../lib/limits.ts'

export interface ListedSession {
  readonly sessionId: string
  /** Last activity in Unix ms; negative for an ended session. */
  readonly activity: number
  /** JSON text. */
  readonly summary: string
}

const HEAD = '{"type":"sessions_list","sessions":['
const TAIL = ']}'

export class SessionList {
  readonly #sessions = new Map<string, ListedSession>()
  readonly #load: () => readonly ListedSession[]
  #loaded = false
  #frame: string | undefined

  /** `load` reads what is stored, once, when the first client asks. */
  constructor(load: () => readonly ListedSession[]) {
    this.#load = load
  }

  /** Sessions it remembers. */
  get size(): number {
    return this.#sessions.size
  }

  put(session: ListedSession): void {
    this.#sessions.set(session.sessionId, session)
    this.#frame = undefined
    if (this.#sessions.size > 2 * LIST_SESSIONS_MAX) this.#trim()
  }

  /**
   * The `sessions_list` frame: all active sessions, newest first, then the newest ended ones, up to the size that a
   * client accepts; it replaces its list, so it cannot be given in pages.
   */
  frame(): string {
    if (!this.#loaded) this.#fill()
    this.#frame ??= this.#build()
    return this.#frame
  }

  #fill(): void {
    this.#loaded = true
    for (const session of this.#load()) {
      if (!this.#sessions.has(session.sessionId)) this.#sessions.set(session.sessionId, session)
    }
  }

  #build(): string {
    const sorted = this.#trim()
    const kept: string[] = []
    let bytes = HEAD.length + TAIL.length
    for (const { summary } of sorted) {
      bytes += Buffer.byteLength(summary) + 1
      if (bytes > LIST_BYTES_MAX) break
      kept.push(summary)
    }
    return HEAD + kept.join(',') + TAIL
  }

  /** Forgets those that no list can hold; returns the others in order. */
  #trim(): readonly ListedSession[] {
    const sorted = [...this.#sessions.values()].sort(byNeed)
    for (const { sessionId } of sorted.splice(LIST_SESSIONS_MAX)) this.#sessions.delete(sessionId)
    return sorted
  }
}

/** Active before ended, then by the latest activity. */
function byNeed(a: ListedSession, b: ListedSession): number {
  const ended = Number(a.activity < 0) - Number(b.activity < 0)
  return ended || Math.abs(b.activity) - Math.abs(a.activity)
}
