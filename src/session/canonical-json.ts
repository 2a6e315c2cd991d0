/** Whether two JSON texts mean the same, whatever the order of their keys. */
import { isJsonObject, parseJson } from '../lib/json.ts'

/** Equal as values. Keys in another order do not change the length, so most differences cost nothing to see. */
export function sameJson(a: string, b: string): boolean {
  return a === b || (a.length === b.length && canonical(a) === canonical(b))
}

function canonical(text: string): string {
  const value = parseJson(text)
  return value === undefined ? text : JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}
