/** Keeps every frame below what the app's WebSocket client accepts. */
import { FRAME_BYTES_MAX, TEXT_CHARS_MAX, TEXT_CHARS_MIN } from '../lib/limits.ts'
import type { ServerMessage } from '../protocol/server/index.ts'

const MARK = '\n\n[truncated]'
/** No UTF-16 unit takes more bytes in UTF-8. */
const BYTES_PER_UNIT_MAX = 3
/** Texts that show changes are worth more room than others. */
const ROOMY = new Set(['diff', 'current_diff', 'current_plan'])

/** The frame as JSON text, with long texts cut until it has at most `FRAME_BYTES_MAX` bytes. */
export function fitFrame(frame: ServerMessage): string {
  let text = JSON.stringify(frame)
  for (let limit = TEXT_CHARS_MAX; !fits(text) && limit >= TEXT_CHARS_MIN; limit = Math.floor(limit / 2))
    text = JSON.stringify(shorten(frame, '', limit))
  return text
}

function fits(text: string): boolean {
  return text.length * BYTES_PER_UNIT_MAX <= FRAME_BYTES_MAX || Buffer.byteLength(text) <= FRAME_BYTES_MAX
}

function shorten(value: unknown, key: string, limit: number): unknown {
  if (typeof value === 'string') return shortenText(value, ROOMY.has(key) ? 2 * limit : limit)
  if (Array.isArray(value)) return value.map((element) => shorten(element, key, limit))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shorten(inner, name, limit)]))
}

function shortenText(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit).toWellFormed() + MARK
}
