/** Puts the entries of one transcript into the order of the conversation: each names the entry that it follows. */
import { BoundedSet } from '../lib/bounded-set.ts'
import { isJsonObject, textAt } from '../lib/json.ts'
import { KNOWN_ENTRIES_MAX, WAITING_BYTES_MAX, WAITING_ENTRIES_MAX } from './limits.ts'

export interface PlacedEntry {
  readonly entry: unknown
  /** Byte at which its line begins. */
  readonly offset: number
}

/**
 * Claude 2.1.197 may write the first prompt of a process behind the answer to it (measured in every third start of its
 * terminal). So an entry waits for the one that it follows: for `WAITING_ENTRIES_MAX` entries or `WAITING_BYTES_MAX`
 * of the file, or until `release`.
 */
export class EntryOrder {
  readonly #known = new BoundedSet(KNOWN_ENTRIES_MAX)
  #waiting: readonly PlacedEntry[] = []
  /** Whether the next entry may follow one that was not read. */
  #hasGap: boolean

  /** `offset`: the byte with which reading begins. */
  constructor(offset: number) {
    this.#hasGap = offset > 0
  }

  /** Byte at which the first entry begins that waits; null when none does. */
  get waitingFrom(): number | null {
    return this.#waiting.length === 0 ? null : Math.min(...this.#waiting.map(({ offset }) => offset))
  }

  /** An entry could not be read. */
  skip(): void {
    this.#hasGap = true
  }

  /** The entries whose turn has come with this one. A compaction repeats entries; those have had theirs. */
  add(added: PlacedEntry): readonly PlacedEntry[] {
    const uuid = uuidOf(added.entry)
    if (uuid !== null && this.#known.has(uuid)) return []
    if (!this.#isDue(added)) {
      this.#waiting = [...this.#waiting, added]
      return this.#isFull() ? this.release() : []
    }
    const due = [added]
    // What follows an entry may be waiting for it, and more for that.
    for (const { entry } of due) {
      this.#know(entry)
      const next = this.#waiting.filter((waiting) => this.#isDue(waiting))
      this.#waiting = this.#waiting.filter((waiting) => !next.includes(waiting))
      due.push(...next)
    }
    return due
  }

  /** All that wait, in the order of the file: what they follow does not come. */
  release(): readonly PlacedEntry[] {
    const released = this.#waiting
    this.#waiting = []
    for (const { entry } of released) this.#know(entry)
    return released
  }

  #isFull(): boolean {
    const [first, last] = [this.#waiting.at(0), this.#waiting.at(-1)]
    return this.#waiting.length > WAITING_ENTRIES_MAX || (last?.offset ?? 0) - (first?.offset ?? 0) > WAITING_BYTES_MAX
  }

  #isDue({ entry }: PlacedEntry): boolean {
    if (!isJsonObject(entry)) return true
    const followed = textAt(entry, 'parentUuid') ?? textAt(entry, 'logicalParentUuid')
    return followed === null || this.#hasGap || this.#known.has(followed)
  }

  #know(entry: unknown): void {
    const uuid = uuidOf(entry)
    if (uuid === null) return
    this.#known.add(uuid)
    this.#hasGap = false
  }
}

function uuidOf(entry: unknown): string | null {
  return isJsonObject(entry) ? textAt(entry, 'uuid') : null
}
