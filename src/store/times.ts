/** Times as the database writes them; old rows hold three dialects. */
import { isoSeconds } from '../session/times.ts'

const ISO_SECONDS_CHARS = 'YYYY-MM-DDTHH:MM:SSZ'.length

/** Like `isoSeconds`, but null stays null. */
export function isoSecondsOrNull(unixMs: number | null): string | null {
  return unixMs === null ? null : isoSeconds(unixMs)
}

/** Unix milliseconds of ISO 8601, `<seconds>Z` or `YYYY-MM-DD HH:MM:SS` (UTC); null for anything else. */
export function unixMs(cell: unknown): number | null {
  if (typeof cell !== 'string') return null
  if (cell.length === ISO_SECONDS_CHARS && cell.charAt(10) === 'T') return Date.parse(cell) || null
  if (/^\d+(\.\d+)?Z?$/.test(cell)) return Math.round(Number.parseFloat(cell) * 1000)
  const iso = cell.replace(' ', 'T')
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`)
  return Number.isNaN(time) ? null : time
}

/** A message's time: `<seconds>Z` as ISO, everything else as it is. */
export function isoTimestamp(timestamp: string): string {
  return /^\d+Z$/.test(timestamp) ? isoSeconds(Number.parseInt(timestamp, 10) * 1000) : timestamp
}
