/** Cutting texts to a length without breaking what they are: whole characters, and JSON that stays JSON. */
import { isJsonObject, parseJson } from '../lib/json.ts'

/** What stands at the end of a text that was cut for a client. */
export const CUT_MARK = '\n\n[truncated]'

/** The first `charsMax` characters (Unicode scalars, so that no surrogate pair is split), with `mark` behind them if any are missing. */
export function cutText(text: string, charsMax: number, mark = ''): string {
  if (text.length <= charsMax) return text
  let end = 0
  for (let chars = 0; chars < charsMax && end < text.length; chars++) end += isPair(text, end) ? 2 : 1
  return end >= text.length ? text : text.slice(0, end) + mark
}

/**
 * JSON text of at most about `charsMax` characters that is still JSON: the strings inside are cut first, then long lists and
 * objects. Text that is no JSON is cut as text.
 */
export function cutJson(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const value = parseJson(text)
  if (value === undefined) return cutText(text, charsMax, CUT_MARK)
  for (let limit = charsMax >> 1; limit > 0; limit >>= 2) {
    const shorter = JSON.stringify(shorten(value, limit))
    if (shorter.length <= charsMax) return shorter
  }
  return isJsonObject(value) ? '{}' : Array.isArray(value) ? '[]' : 'null'
}

/** Strings to `limit` characters, lists and objects to `limit` entries. */
function shorten(value: unknown, limit: number): unknown {
  if (typeof value === 'string') return cutText(value, limit, CUT_MARK)
  if (Array.isArray(value)) return value.slice(0, limit).map((item) => shorten(item, limit))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).slice(0, limit)
  return Object.fromEntries(entries.map(([key, inner]) => [cutText(key, limit), shorten(inner, limit)]))
}

function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff
}
