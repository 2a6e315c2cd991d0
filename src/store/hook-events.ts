/** Rows of the table `hook_events`: which events were applied, so that a second delivery changes nothing. */
import type { Database } from 'bun:sqlite'
import { text } from './cells.ts'
import { change, rows } from './prepared.ts'

/** Remembers an event; `at` is Unix milliseconds. */
export function putEvent(db: Database, sessionId: string, eventId: string, at: number): void {
  change(
    db,
    'INSERT INTO hook_events (session_id, event_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    sessionId,
    eventId,
    at,
  )
}

/** Whether an event of this session was applied. */
export function hasEvent(db: Database, sessionId: string, eventId: string): boolean {
  return rows(db, 'SELECT 1 FROM hook_events WHERE session_id = ? AND event_id = ?', sessionId, eventId).length > 0
}

/** The ids of the last events of a session, oldest first. */
export function recentEventIds(db: Database, sessionId: string, limit: number): readonly string[] {
  return rows(db, 'SELECT event_id FROM hook_events WHERE session_id = ? ORDER BY at DESC LIMIT ?', sessionId, limit)
    .map(([eventId]) => text(eventId) ?? '')
    .reverse()
}

/**
 * Forgets the events before `before` (Unix milliseconds) of the sessions whose ids follow `after`, at most `sessionsMax` of
 * them. Returns the last id looked at, or null once all have been: a walk in small slices that needs no index on the time.
 */
export function pruneEvents(db: Database, before: number, after: string, sessionsMax: number): string | null {
  let last = after
  for (let visited = 0; visited < sessionsMax; visited++) {
    const [next] = rows(db, 'SELECT min(session_id) FROM hook_events WHERE session_id > ?', last)
    const sessionId = text(next?.[0])
    if (sessionId === null) return null
    change(db, 'DELETE FROM hook_events WHERE session_id = ? AND at < ?', sessionId, before)
    last = sessionId
  }
  return last
}
