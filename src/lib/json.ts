/** Careful reading of JSON whose shape somebody else decides: a key of the wrong type counts as absent. */

export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is an object with keys, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object under `key`, or an empty one. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key]
  return isJsonObject(value) ? value : {}
}

/** The list under `key`, or an empty one. */
export function listAt(object: JsonObject, key: string): readonly unknown[] {
  const value = object[key]
  return Array.isArray(value) ? value : []
}

/** The objects of the list under `key`; entries of other kinds are left out. */
export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  return listAt(object, key).filter(isJsonObject)
}

/** The text under `key`; null when it is absent or empty. */
export function textAt(object: JsonObject, key: string): string | null {
  const value = object[key]
  return typeof value === 'string' && value !== '' ? value : null
}

/** The number under `key` as a whole number of at least 0, as counters and durations are; else null. */
export function countAt(object: JsonObject, key: string): number | null {
  const value = object[key]
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null
}

/** The number under `key` as an amount of at least 0; else null. */
export function amountAt(object: JsonObject, key: string): number | null {
  const value = object[key]
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}

/** The JSON text of a value; null for what JSON cannot say (undefined, functions). */
export function jsonText(value: unknown): string | null {
  return JSON.stringify(value) ?? null
}

/** A text as JSON, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
