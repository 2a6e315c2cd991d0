/** Hook posts that wait for somebody's answer, by event id; the script posts again until it has one. */
import { HELD_POST_GRACE_MS, HELD_POSTS_MAX } from '../lib/limits.ts'

interface Held {
  readonly sessionId: string
  /** Several when the script asked again before the first connection broke. */
  readonly waiting: Set<(answer: Response) => void>
  /** Runs when nobody waits any more; ends the wait for another post. */
  grace: ReturnType<typeof setTimeout> | undefined
}

export class HeldPosts {
  readonly #held = new Map<string, Held>()
  readonly #lost: (sessionId: string, eventId: string) => void

  /** `lost` hears of a post that went away without an answer and did not come back. */
  constructor(lost: (sessionId: string, eventId: string) => void) {
    this.#lost = lost
  }

  get size(): number {
    return this.#held.size
  }

  /** Settles with the answer; never when the caller goes away first. A full house answers 503. */
  wait(sessionId: string, eventId: string, gone: AbortSignal): Promise<Response> {
    if (this.#held.size >= HELD_POSTS_MAX) return Promise.resolve(new Response(null, { status: 503 }))
    const held = this.#held.get(eventId) ?? { sessionId, waiting: new Set(), grace: undefined }
    this.#held.set(eventId, held)
    clearTimeout(held.grace)
    return new Promise((resolve) => {
      held.waiting.add(resolve)
      const leave = () => this.#leave(eventId, held, resolve)
      if (gone.aborted) leave()
      else gone.addEventListener('abort', leave, { once: true })
    })
  }

  /** Answers all that wait for this event; an empty answer tells the script to go without one. */
  answer(eventId: string, answer: string): void {
    const held = this.#held.get(eventId)
    if (!held) return
    this.#forget(eventId, held)
    for (const resolve of held.waiting)
      resolve(
        answer === ''
          ? new Response(null, { status: 204 })
          : new Response(answer, { headers: { 'content-type': 'application/json' } }),
      )
  }

  /** Lets everybody go with 503, so that the scripts ask again when the server is back. */
  close(): void {
    this.askAgain(() => true)
  }

  /** Lets go those of some sessions with 503, so that their scripts ask again. */
  askAgain(isMeant: (sessionId: string) => boolean): void {
    for (const [eventId, held] of this.#held) {
      if (!isMeant(held.sessionId)) continue
      this.#forget(eventId, held)
      for (const resolve of held.waiting) resolve(new Response(null, { status: 503 }))
    }
  }

  #leave(eventId: string, held: Held, resolve: (answer: Response) => void): void {
    held.waiting.delete(resolve)
    if (held.waiting.size > 0 || this.#held.get(eventId) !== held) return
    held.grace = setTimeout(() => {
      this.#forget(eventId, held)
      this.#lost(held.sessionId, eventId)
    }, HELD_POST_GRACE_MS)
  }

  #forget(eventId: string, held: Held): void {
    clearTimeout(held.grace)
    this.#held.delete(eventId)
  }
}
