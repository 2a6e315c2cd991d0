/** Cuts bytes into lines, however they arrive. */

export interface Line {
  /** Without the line feed; null for a line that was too long to keep. */
  readonly text: string | null
  /** Byte at which the line begins. */
  readonly offset: number
}

const LINE_FEED = 0x0a
const decoder = new TextDecoder()

/**
 * Only complete lines come out; what follows the last line feed waits for the rest, at most `lineBytesMax` of it.
 * Characters are never cut, since bytes become text by whole lines.
 */
export class LineSplitter {
  readonly #lineBytesMax: number
  #parts: Uint8Array[] = []
  #partBytes = 0
  #tooLong = false
  #offset: number
  #position: number

  /** `offset`: the byte of the file with which the first chunk begins. */
  constructor(offset: number, lineBytesMax: number) {
    this.#offset = offset
    this.#position = offset
    this.#lineBytesMax = lineBytesMax
  }

  /** Byte after the last complete line: where to go on after a restart. */
  get offset(): number {
    return this.#offset
  }

  /** Byte after the last chunk: where the next one begins. */
  get position(): number {
    return this.#position
  }

  /** The lines that this chunk completes. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): readonly Line[] {
    const lines: Line[] = []
    let from = 0
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      lines.push(this.#complete(chunk.subarray(from, at)))
      from = at + 1
    }
    this.#keep(chunk.subarray(from))
    return lines
  }

  #complete(end: Uint8Array): Line {
    const offset = this.#offset
    const text = this.#tooLong || this.#partBytes + end.length > this.#lineBytesMax ? null : this.#decode(end)
    this.#position += end.length + 1
    this.#offset = this.#position
    this.#forget()
    this.#tooLong = false
    return { text, offset }
  }

  #decode(end: Uint8Array): string {
    return this.#parts.length === 0 ? decoder.decode(end) : decoder.decode(Buffer.concat([...this.#parts, end]))
  }

  #keep(rest: Uint8Array): void {
    this.#position += rest.length
    if (this.#tooLong || rest.length === 0) return
    this.#partBytes += rest.length
    if (this.#partBytes > this.#lineBytesMax) {
      this.#forget()
      this.#tooLong = true
    } else {
      // A copy: `slice` of a Buffer would share the bytes of the chunk.
      this.#parts.push(new Uint8Array(rest))
    }
  }

  #forget(): void {
    this.#parts = []
    this.#partBytes = 0
  }
}
