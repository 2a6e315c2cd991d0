/** Cuts bytes into lines, however they arrive. */
import { JsonAbridger } from './json-abridger.ts'

export interface Line {
  /** Without the line feed; abridged where it was too long, and null where even that did not help. */
  readonly text: string | null
  /** Byte at which the line begins. */
  readonly offset: number
}

const LINE_FEED = 0x0a
const decoder = new TextDecoder()

/**
 * Only complete lines come out; what follows the last line feed waits for the rest, at most `lineBytesMax` of it. A line
 * with more has its long strings cut, so that it tells what it can.
 * Characters are never cut, since bytes become text by whole lines.
 */
export class LineSplitter {
  readonly #lineBytesMax: number
  #parts: Buffer[] = []
  #partBytes = 0
  /** Set once the line at hand is too long. */
  #abridger: JsonAbridger | undefined
  /** Whether it is so even without its long strings. */
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
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const lines: Line[] = []
    let from = 0
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      lines.push(this.#complete(bytes.subarray(from, at)))
      from = at + 1
    }
    this.#keep(bytes.subarray(from))
    return lines
  }

  #complete(end: Buffer): Line {
    const offset = this.#offset
    this.#position += end.length + 1
    this.#offset = this.#position
    return { text: this.#take(end), offset }
  }

  /** The text of the line that ends so. */
  #take(end: Buffer): string | null {
    if (this.#parts.length === 0 && !this.#abridger && end.length <= this.#lineBytesMax) return decoder.decode(end)
    this.#add(end)
    const text = this.#tooLong ? null : decoder.decode(Buffer.concat(this.#parts))
    this.#forget()
    this.#abridger = undefined
    this.#tooLong = false
    return text
  }

  #keep(rest: Buffer): void {
    this.#position += rest.length
    if (rest.length > 0) this.#add(this.#abridger ? rest : Buffer.from(rest))
  }

  #add(part: Buffer): void {
    if (this.#tooLong) return
    this.#put(this.#abridger?.push(part) ?? part)
    if (this.#partBytes > this.#lineBytesMax && !this.#abridger) this.#abridge()
    if (this.#partBytes <= this.#lineBytesMax) return
    this.#forget()
    this.#tooLong = true
  }

  #abridge(): void {
    const parts = this.#parts
    this.#forget()
    this.#abridger = new JsonAbridger()
    for (const part of parts) this.#put(this.#abridger.push(part))
  }

  #put(part: Buffer): void {
    this.#parts.push(part)
    this.#partBytes += part.length
  }

  #forget(): void {
    this.#parts = []
    this.#partBytes = 0
  }
}
