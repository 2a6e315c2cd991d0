/** Places where the model waits until the test lets it go on: tests steer time, they do not sleep. */
import { within } from '../within.ts'
import type { Place } from './choose.ts'

/** Where in an answer the model waits: before its first byte, or after the first piece of text. */
export type Moment = 'start' | 'middle'

export class Gate {
  readonly #arrived = Promise.withResolvers<void>()
  readonly #opened = Promise.withResolvers<void>()
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  /** Settles when the model stands at the gate; fails after `ms` milliseconds. */
  reached(ms = 15_000): Promise<void> {
    return within(ms, this.#arrived.promise, () => `the model never came to ${this.#name}`)
  }

  open(): void {
    this.#opened.resolve()
  }

  /** For the model: waits until the gate opens. */
  pass(): Promise<void> {
    this.#arrived.resolve()
    return this.#opened.promise
  }
}

/** The gates of one model server. */
export class Gates {
  readonly #gates = new Map<string, Gate>()

  /** Closes the way at a place. */
  close(place: Place, moment: Moment): Gate {
    const name = nameOf(place, moment)
    const gate = new Gate(name)
    this.#gates.set(name, gate)
    return gate
  }

  async pass(place: Place, moment: Moment): Promise<void> {
    await this.#gates.get(nameOf(place, moment))?.pass()
  }

  openAll(): void {
    for (const gate of this.#gates.values()) gate.open()
  }
}

/** A summary is told by what it is: which prompt it follows, versions see differently. */
function nameOf({ script, step, kind }: Place, moment: Moment): string {
  return kind === 'turn' ? `${script}, step ${step}, ${moment}` : `a ${kind}, ${moment}`
}
