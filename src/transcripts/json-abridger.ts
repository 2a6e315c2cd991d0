/** Shortens the strings of a JSON text that is too long to be kept, while it streams by. */
import { LONG_STRING_BYTES_MAX } from './limits.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const U = 0x75
/** Ends a string that was cut; no picture in base64 contains it. */
const MARK = Buffer.from('…')
/** Of an escape sequence only the backslash is known. */
const BEGUN = 5
/** What follows `\u`. */
const DIGITS = 4

/** What comes out is JSON again, with at most `stringBytesMax` bytes and a mark in each string. */
export class JsonAbridger {
  readonly #stringBytesMax: number
  #inString = false
  #cutting = false
  /** Bytes since the last quote. */
  #length = 0
  /** Bytes that the escape sequence at hand still has, or `BEGUN`. */
  #escape = 0

  constructor(stringBytesMax = LONG_STRING_BYTES_MAX) {
    this.#stringBytesMax = stringBytesMax
  }

  /** What is left of this chunk, as a copy. */
  push(chunk: Buffer): Buffer {
    const kept: Buffer[] = []
    /** Where what is kept begins. */
    let from = 0
    for (let at = this.#skip(chunk, 0); at < chunk.length; at = this.#skip(chunk, at + 1)) {
      const byte = chunk[at] ?? 0
      if (this.#isTooLong(byte)) {
        kept.push(chunk.subarray(from, at), MARK)
        this.#cutting = true
      }
      if (this.#step(byte)) {
        this.#cutting = false
        from = at
      }
    }
    if (!this.#cutting) kept.push(chunk.subarray(from))
    return Buffer.concat(kept)
  }

  /** The next byte that matters, from `at` on: of a string that is cut, only its end does. */
  #skip(chunk: Buffer, at: number): number {
    if (!this.#cutting || this.#escape > 0) return at
    const quote = chunk.indexOf(QUOTE, at)
    const end = quote < 0 ? chunk.length : quote
    const backslash = chunk.subarray(at, end).indexOf(BACKSLASH)
    return backslash < 0 ? end : at + backslash
  }

  /** Whether the string is cut before this byte: not within a character, nor within an escape sequence. */
  #isTooLong(byte: number): boolean {
    if (this.#length < this.#stringBytesMax || this.#cutting || !this.#inString || this.#escape > 0) return false
    return byte !== QUOTE && (byte & 0xc0) !== 0x80
  }

  /** Whether a string that was cut ends here. */
  #step(byte: number): boolean {
    this.#length++
    if (this.#escape > 0) {
      if (this.#escape === BEGUN) this.#escape = byte === U ? DIGITS : 0
      else this.#escape--
      return false
    }
    if (byte === BACKSLASH && this.#inString) this.#escape = BEGUN
    if (byte !== QUOTE) return false
    this.#inString = !this.#inString
    this.#length = 0
    return this.#cutting
  }
}
