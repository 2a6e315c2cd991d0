/** Time limits for whatever a test waits for: a hang becomes a failure that says what was missing. */

/** Settles as `promise` does, or fails after `ms` milliseconds with what `complain` says then. */
export async function within<T>(ms: number, promise: Promise<T>, complain: () => string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`${complain()} (waited ${ms} ms)`)), ms)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Something that announces its changes, so that tests wait for a state of it instead of sleeping. */
export class Changes {
  readonly #checks = new Set<() => void>()

  /** Lets everyone who waits look again. */
  announce(): void {
    for (const check of this.#checks) check()
  }

  /** The first value that `find` gives, now or after a change; fails after `ms` milliseconds, or when `find` throws. */
  async until<T>(find: () => T | undefined, ms: number, complain: () => string): Promise<T> {
    const found = Promise.withResolvers<T>()
    const check = () => {
      try {
        const value = find()
        if (value !== undefined) found.resolve(value)
      } catch (error) {
        found.reject(error)
      }
    }
    this.#checks.add(check)
    check()
    try {
      return await within(ms, found.promise, complain)
    } finally {
      this.#checks.delete(check)
    }
  }
}
