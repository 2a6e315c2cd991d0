/** Does one thing when asked: never twice at a time, and with a rest in between. */

export class Steady {
  readonly #run: () => Promise<number>
  #running: Promise<void> | undefined
  #resting: ReturnType<typeof setTimeout> | undefined
  #again = false
  #closed = false

  /** `run` never rejects, and settles with the milliseconds for which it shall not be called again. */
  constructor(run: () => Promise<number>) {
    this.#run = run
  }

  /** Runs at once, or once more as soon as the run and the rest that are under way are over. */
  ask(): void {
    if (this.#closed) return
    if (this.#running || this.#resting) this.#again = true
    else this.#running = this.#start()
  }

  /** Settles when the run that is under way is over. */
  async settled(): Promise<void> {
    await this.#running
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#resting)
  }

  async #start(): Promise<void> {
    this.#again = false
    const restMs = await this.#run()
    this.#running = undefined
    if (this.#closed) return
    this.#resting = setTimeout(() => this.#rested(), restMs)
  }

  #rested(): void {
    this.#resting = undefined
    if (this.#again) this.ask()
  }
}
