/** Rows of the table `pending_starts`: starts of sessions that have not shown life yet. */
import type { Database } from 'bun:sqlite'
import { text } from './cells.ts'
import { change, rows } from './prepared.ts'

const PUT = `INSERT INTO pending_starts (session_id, facts, at) VALUES (?, ?, ?)
  ON CONFLICT (session_id) DO UPDATE SET facts = excluded.facts, at = excluded.at`

/** Remembers the facts of a start, as JSON; null forgets them. `at` is Unix milliseconds. */
export function putPendingStart(db: Database, sessionId: string, facts: string | null, at: number): void {
  if (facts === null) change(db, 'DELETE FROM pending_starts WHERE session_id = ?', sessionId)
  else change(db, PUT, sessionId, facts, at)
}

/** The facts of a start, as JSON; undefined when none is remembered. */
export function readPendingStart(db: Database, sessionId: string): string | undefined {
  const [cells] = rows(db, 'SELECT facts FROM pending_starts WHERE session_id = ?', sessionId)
  return text(cells?.[0]) ?? undefined
}
