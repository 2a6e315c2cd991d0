/** Applies what the hook script has spooled, in order, at the start and whenever files appear. */
import { join } from 'node:path'
import { SPOOL_DELIVERIES_MAX, SPOOL_POLL_MS } from '../lib/limits.ts'
import type { Log } from '../lib/log.ts'
import {
  listSpool,
  readSpoolFile,
  setAsideSpoolFile,
  settleSpoolFile,
  UnreadableSpoolFile,
  watchSpool,
} from './spool-files.ts'

/** What became of an event: applied and stored; never applicable; or to be tried again. */
export type SpoolOutcome = 'applied' | 'refused' | 'unavailable'

export interface SpoolDrainerParts {
  readonly directory: string
  /** Applies a body; bodies that are handed over one after the other are applied in that order. */
  deliver(body: string): Promise<SpoolOutcome>
  readonly log: Log
}

export class SpoolDrainer {
  readonly #parts: SpoolDrainerParts
  #draining: Promise<void> | undefined
  #again = false
  #stopped = false
  #unwatch = () => {}
  #poll: ReturnType<typeof setInterval> | undefined

  constructor(parts: SpoolDrainerParts) {
    this.#parts = parts
  }

  /** Applies everything that is spooled now; settles when that is done, or when it has to wait for better times. */
  drain(): Promise<void> {
    this.#again = true
    this.#draining ??= this.#drainAll().finally(() => {
      this.#draining = undefined
    })
    return this.#draining
  }

  /** Drains whenever files appear, until `stop`. The system may miss some, so it also looks by itself. */
  watch(): void {
    if (this.#stopped) return
    this.#unwatch = watchSpool(this.#parts.directory, () => void this.drain())
    this.#poll = setInterval(() => void this.drain(), SPOOL_POLL_MS)
  }

  /** Settles when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#unwatch()
    clearInterval(this.#poll)
    await this.#draining
  }

  async #drainAll(): Promise<void> {
    const { log } = this.#parts
    let applied = 0
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false
        applied += await this.#drainListed()
      }
    } catch (error) {
      log.error('spool.read_error', { reason: error instanceof Error ? error.message : 'unknown' })
    }
    if (applied > 0) log.info('spool.drained', { count: applied })
  }

  /** One pass over the directory; the number of events applied. Stops at the first that has to wait. */
  async #drainListed(): Promise<number> {
    const names = await listSpool(this.#parts.directory)
    let applied = 0
    for (let first = 0; first < names.length && !this.#stopped; first += SPOOL_DELIVERIES_MAX) {
      const outcomes = await this.#deliver(names.slice(first, first + SPOOL_DELIVERIES_MAX))
      applied += outcomes.filter((outcome) => outcome === 'applied').length
      if (outcomes.includes('unavailable')) break
    }
    return applied
  }

  /** Hands several events over in order, without waiting for each to be stored. */
  async #deliver(names: readonly string[]): Promise<readonly SpoolOutcome[]> {
    const under: Promise<SpoolOutcome>[] = []
    for (const name of names) {
      const body = await this.#read(name)
      if (body !== undefined) under.push(this.#deliverOne(name, body))
    }
    return Promise.all(under)
  }

  async #deliverOne(name: string, body: string): Promise<SpoolOutcome> {
    const { directory, deliver } = this.#parts
    const outcome = await deliver(body)
    if (outcome === 'applied') await settleSpoolFile(join(directory, name))
    if (outcome === 'refused') await this.#setAside(name, 'The server refused it: it is no hook event.')
    return outcome
  }

  async #read(name: string): Promise<string | undefined> {
    try {
      return await readSpoolFile(join(this.#parts.directory, name))
    } catch (error) {
      if (!(error instanceof UnreadableSpoolFile)) throw error
      await this.#setAside(name, error.message)
      return undefined
    }
  }

  async #setAside(name: string, reason: string): Promise<void> {
    const { directory, log } = this.#parts
    log.warn('spool.parse_error', { file: name, reason })
    await setAsideSpoolFile(directory, name, reason)
  }
}
