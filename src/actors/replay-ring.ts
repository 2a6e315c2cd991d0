/** The latest frames of one session, for clients that come back. */
import { REPLAY_BYTES_MAX, REPLAY_FRAMES_MAX } from '../lib/limits.ts'

interface Kept {
  readonly revision: number
  readonly frame: string
}

/** Bounded by count and by characters; the oldest frames leave first. */
export class ReplayRing {
  #kept: Kept[] = []
  #first = 0
  #size = 0

  push(revision: number, frame: string): void {
    this.#kept.push({ revision, frame })
    this.#size += frame.length
    while (this.#kept.length - this.#first > REPLAY_FRAMES_MAX || this.#size > REPLAY_BYTES_MAX) this.#dropOldest()
  }

  /** The frames after `revision`, oldest first; undefined when some of them are gone or there are none. */
  after(revision: number): readonly Kept[] | undefined {
    const oldest = this.#kept[this.#first]
    const newest = this.#kept.at(-1)
    if (!oldest || !newest || revision < oldest.revision - 1 || revision >= newest.revision) return undefined
    return this.#kept.slice(this.#first).filter((kept) => kept.revision > revision)
  }

  /** Frames so far no longer tell what the session is. */
  clear(): void {
    this.#kept = []
    this.#first = 0
    this.#size = 0
  }

  #dropOldest(): void {
    const oldest = this.#kept[this.#first]
    if (!oldest) return
    this.#size -= oldest.frame.length
    this.#first++
    if (this.#first < REPLAY_FRAMES_MAX) return
    this.#kept = this.#kept.slice(this.#first)
    this.#first = 0
  }
}
