/** The newest part of a text that grows without end. */

/** Room for the note about what is left out. */
const NOTE_BYTES_MAX = 80
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SHORT_ESCAPES = '\b\t\n\f\r'

/** Keeps what was added last, in bounded memory, and knows how much it has let go. */
export class TextTail {
  readonly #charsMax: number
  #text = ''
  #dropped = 0

  /** `charsMax`: how many characters are kept at least. */
  constructor(charsMax: number) {
    this.#charsMax = charsMax
  }

  /** Characters added so far. */
  get length(): number {
    return this.#dropped + this.#text.length
  }

  add(text: string): void {
    this.#text += text
    // Twice as many, so that a cut is paid for by many additions.
    if (this.#text.length <= 2 * this.#charsMax) return
    const chars = this.#text.length - this.#charsMax
    this.#text = this.#text.slice(chars)
    this.#dropped += chars
  }

  /** Adds a text on a line of its own. */
  addLine(text: string): void {
    this.add(this.#text === '' || this.#text.endsWith('\n') ? text : `\n${text}`)
  }

  /** The end of the text that takes at most `bytesMax` bytes as JSON; what is missing before it is said in front. */
  newest(bytesMax: number): string {
    if (this.#dropped === 0 && startOfNewest(this.#text, bytesMax) === 0) return this.#text
    const start = startOfNewest(this.#text, bytesMax - NOTE_BYTES_MAX)
    return `[${this.#dropped + start} characters before this are left out]\n${this.#text.slice(start)}`
  }
}

/** Bytes of a text as JSON, without the quotes. */
export function jsonBytes(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) bytes += unitBytes(text.charCodeAt(at))
  return bytes
}

/** Where the longest end of `text` begins that takes at most `bytesMax` bytes as JSON; never inside a character. */
function startOfNewest(text: string, bytesMax: number): number {
  let bytes = 0
  for (let at = text.length; at > 0; at--) {
    bytes += unitBytes(text.charCodeAt(at - 1))
    if (bytes > bytesMax) return isLowSurrogate(text.charCodeAt(at)) ? at + 1 : at
  }
  return 0
}

/** Bytes of one UTF-16 unit in JSON; a pair of them takes four. */
function unitBytes(unit: number): number {
  if (unit >= 0x800) return isSurrogate(unit) ? 2 : 3
  if (unit >= 0x80) return 2
  if (unit < 0x20) return SHORT_ESCAPES.includes(String.fromCharCode(unit)) ? 2 : 6
  return unit === QUOTE || unit === BACKSLASH ? 2 : 1
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
