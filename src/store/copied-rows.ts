/** Finds the session whose conversation another one began with: a fork copies the entries of its transcript, ids and all. */
import type { Database } from 'bun:sqlite'
import { text } from './cells.ts'
import { rows } from './prepared.ts'

/** Rows by which a session is compared, its oldest. */
const COPIED_ROWS_MAX = 200
/** Sessions that it is compared with: those of its directory that were last at work. */
const CANDIDATES_MAX = 32

const SHARED = `
  WITH own AS (
    SELECT substr(id, length(session_id) + 1) AS native FROM messages WHERE session_id = ?1
    ORDER BY sequence LIMIT ${COPIED_ROWS_MAX}
  ), candidates AS (
    SELECT id, last_activity_at FROM sessions
    WHERE id <> ?1 AND project_path = (SELECT project_path FROM sessions WHERE id = ?1)
    ORDER BY last_activity_at DESC LIMIT ${CANDIDATES_MAX}
  )
  SELECT candidates.id AS id, count(*) AS shared FROM candidates, own
  JOIN messages ON messages.id = candidates.id || own.native
  GROUP BY candidates.id ORDER BY shared DESC, last_activity_at DESC LIMIT 1`

/** The session that shares most rows with this one; null when none shares any, as long as its transcript is not read. */
export function sessionCopiedBy(db: Database, sessionId: string): string | null {
  const [found] = rows(db, SHARED, sessionId)
  return found ? text(found[0]) : null
}
