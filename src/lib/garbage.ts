/** Keeps garbage from piling up in a thread through which much data passes in a short time. */

/** Collects after each `bytesMax` bytes: left alone, the runtime waits until there is several times as much. */
export class Garbage {
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** So many bytes have passed through, and are no longer needed. */
  note(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes < this.#bytesMax) return
    this.#bytes = 0
    Bun.gc(true)
  }
}
