/** Keeps every frame below what the app's WebSocket client accepts. */
import { FRAME_BYTES_MAX, TEXT_CHARS_MAX, TEXT_CHARS_MIN } from '../lib/limits.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import { CUT_MARK, cutJson, cutText } from '../session/text.ts'

/** No UTF-16 unit takes more bytes in UTF-8. */
const BYTES_PER_UNIT_MAX = 3
/** Texts that show changes are worth more room than others. */
const ROOMY: ReadonlySet<string> = new Set(['diff', 'current_diff', 'current_plan'])
/** Texts that clients parse. */
const JSON_TEXTS: ReadonlySet<string> = new Set(['tool_input', 'current_plan'])

/** The frame as JSON text, with long texts cut, and big pictures left out, until it has at most `FRAME_BYTES_MAX` bytes. */
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
  if (typeof value === 'string') return shortenText(value, key, ROOMY.has(key) ? 2 * limit : limit)
  if (Array.isArray(value)) return shortenList(value, key, limit)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shorten(inner, name, limit)]))
}

function shortenText(text: string, key: string, limit: number): string {
  return JSON_TEXTS.has(key) ? cutJson(text, limit) : cutText(text, limit, CUT_MARK)
}

/** A picture that is cut is no picture. */
function shortenList(list: readonly unknown[], key: string, limit: number): unknown[] {
  const kept = key === 'images' ? list.filter((image) => JSON.stringify(image).length <= limit) : list
  return kept.map((element) => shorten(element, key, limit))
}
