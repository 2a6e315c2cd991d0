/** Text of agents on a terminal: made harmless, and cut to the columns there are. */
import { harmlessJson } from '../lib/harmless-json.ts'

/** Control characters, and the marks that reverse the direction of what follows. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu
const segments = new Intl.Segmenter()

/** One line without anything that a terminal would obey. */
export function clean(text: string): string {
  return Bun.stripANSI(text).replace(/\s+/g, ' ').replace(UNSAFE, '').trim()
}

/** As `clean`, keeping line breaks; tabs become spaces. */
export function cleanLines(text: string): string[] {
  return Bun.stripANSI(text)
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/\t/g, '    ').replace(UNSAFE, '').trimEnd())
}

/** The beginning of `text` that fits `columns`, marked when something is missing. */
export function fit(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text
  let taken = ''
  let width = 0
  for (const { segment } of segments.segment(text)) {
    width += Bun.stringWidth(segment)
    if (width > columns - 1) break
    taken += segment
  }
  return columns > 0 ? `${taken}…` : ''
}

/** Exactly `columns` wide: cut, or filled with spaces. */
export function cell(text: string, columns: number): string {
  const fitted = fit(text, columns)
  return fitted + ' '.repeat(Math.max(columns - Bun.stringWidth(fitted), 0))
}

/** A value as one line of JSON that no terminal obeys either. */
export function jsonLine(value: unknown): string {
  return harmlessJson(JSON.stringify(value))
}
