/** Time that stands still until the test moves it. */
import type { Timers } from '../../src/lib/timers.ts'

interface Due {
  readonly at: number
  then(): void
}

export class HeldTimers implements Timers {
  #now: number
  #due: Due[] = []

  constructor(now = 0) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, then: () => void): () => void {
    const due = { at: this.#now + ms, then }
    this.#due.push(due)
    return () => {
      this.#due = this.#due.filter((other) => other !== due)
    }
  }

  /** Lets time pass; what falls due happens in its order. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#due = this.#due.filter((other) => other !== next)
      this.#now = next.at
      next.then()
    }
    this.#now = end
  }
}
