/** Spooled events come before those that arrive now: drained before the doors open, and again when the script says so. */
import { SpoolDrainer } from '../hooks/spool.ts'
import { SPOOL_START_PATIENCE_MS } from '../lib/limits.ts'
import type { Log } from '../lib/log.ts'
import type { SpoolGate } from './hook-route.ts'

export class Spool implements SpoolGate {
  readonly #drainer: SpoolDrainer
  #starting: Promise<void> | undefined

  /** `apply` takes the body of an event and settles with the HTTP status that its post would have got. */
  constructor(directory: string, apply: (body: string) => Promise<number>, log: Log) {
    this.#drainer = new SpoolDrainer({ directory, deliver: async (body) => outcome(await apply(body)), log })
  }

  get starting(): Promise<void> | undefined {
    return this.#starting
  }

  /** Settles when everything is applied, or after a while: hooks that arrive then still wait for the rest. */
  async start(): Promise<void> {
    this.#starting = this.#drainer.drain().finally(() => {
      this.#starting = undefined
      this.#drainer.watch()
    })
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, SPOOL_START_PATIENCE_MS)
    await Promise.race([this.#starting, late])
    clearTimeout(timer)
  }

  drain(): Promise<void> {
    return this.#drainer.drain()
  }

  stop(): Promise<void> {
    return this.#drainer.stop()
  }
}

/** A refused body is set aside; anything else that went wrong is tried again. */
function outcome(status: number): 'applied' | 'refused' | 'unavailable' {
  if (status < 300) return 'applied'
  return status === 400 || status === 413 || status === 422 ? 'refused' : 'unavailable'
}
