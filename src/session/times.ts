/** Unix milliseconds in the two forms that the wire and the database know. */

/** Unix seconds followed by Z, the only form that OrbitDock.app reads in a `session_delta`. */
export function unixSeconds(ms: number): string {
  return `${Math.floor(ms / 1000)}Z`
}

/** ISO 8601 in UTC with whole seconds, as every column of the database and the record of approvals has it. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** ISO 8601 in UTC with milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** Unix milliseconds of either form; null for anything else, such as the `0` of a row without a time. */
export function unixMilliseconds(time: string): number | null {
  const seconds = /^(\d{9,})(?:\.\d+)?Z$/.exec(time)?.[1]
  if (seconds !== undefined) return Number(seconds) * 1000
  const ms = /^\d{4}-/.test(time) ? Date.parse(time) : Number.NaN
  return Number.isNaN(ms) ? null : ms
}
