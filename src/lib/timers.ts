/** Time as it is passed in, so that tests can hold it. */

export interface Timers {
  /** Unix milliseconds. */
  now(): number
  /** Calls `then` once after `ms` milliseconds, unless the returned function is called before. */
  after(ms: number, then: () => void): () => void
}

/** The time of the system; `now` where another clock tells it. */
export function systemTimers(now: () => number = Date.now): Timers {
  return {
    now,
    after(ms, then) {
      const timer = setTimeout(then, ms)
      return () => clearTimeout(timer)
    },
  }
}
