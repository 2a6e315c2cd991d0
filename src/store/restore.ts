/** Repairs what the last process left behind, in SQL over whole sets, before anything is served. */
import type { Database } from 'bun:sqlite'

/** How many rows each repair changed. */
export type RestoreReport = Readonly<Record<string, number>>

export function restore(_db: Database, _nowMs: number): RestoreReport {
  return {}
}
