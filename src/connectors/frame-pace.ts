/** Holds back what changes too often: of a message that is being written, clients see so many frames a second. */
import { STREAM_FRAME_GAP_MS } from '../lib/limits.ts'
import type { Timers } from '../lib/timers.ts'
import type { SessionEvent } from '../session/events.ts'

/** Rows of which it is remembered when they went out; no agent writes so many at a time. */
const PACED_ROWS_MAX = 64

type Changed = Extract<SessionEvent, { type: 'message_changed' }>

export class FramePace {
  readonly #emit: (events: readonly SessionEvent[]) => void
  readonly #timers: Timers
  /** When the row last went out. */
  readonly #sentAt = new Map<string, number>()
  /** Newest state of rows that have to wait, by row. */
  readonly #held = new Map<string, Changed>()
  #cancel: (() => void) | undefined

  constructor(emit: (events: readonly SessionEvent[]) => void, timers: Timers) {
    this.#emit = emit
    this.#timers = timers
  }

  /** Events of which each change of a row replaces the one before it; a new row comes behind all of the older ones. */
  growing(events: readonly SessionEvent[]): void {
    for (const event of events) {
      if (event.type === 'message_changed') {
        this.#change(event)
        continue
      }
      if (event.type === 'message_reported') this.flush()
      this.#now([event])
    }
  }

  /** Events that are told at once, behind everything that was held. */
  settled(events: readonly SessionEvent[]): void {
    if (events.length === 0) return
    for (const event of events) if (event.type === 'message_changed') this.#held.delete(event.id)
    this.flush()
    this.#emit(events)
  }

  /** Tells what is held. */
  flush(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#sentAt.size > PACED_ROWS_MAX) this.#sentAt.clear()
    if (this.#held.size === 0) return
    const events = [...this.#held.values()]
    this.#held.clear()
    this.#now(events)
  }

  #change(event: Changed): void {
    const wait = (this.#sentAt.get(event.id) ?? Number.NEGATIVE_INFINITY) + STREAM_FRAME_GAP_MS - this.#timers.now()
    if (wait <= 0 && !this.#held.has(event.id)) return this.#now([event])
    this.#held.set(event.id, event)
    this.#cancel ??= this.#timers.after(Math.max(0, wait), () => this.flush())
  }

  #now(events: readonly SessionEvent[]): void {
    const now = this.#timers.now()
    for (const event of events) {
      if (event.type === 'message_changed') this.#sentAt.set(event.id, now)
      else if (event.type === 'message_reported') this.#sentAt.set(event.message.id, now)
    }
    this.#emit(events)
  }
}
