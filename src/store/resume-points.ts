/** Rows of the table `resume_points`: where conversations go on that were forked, or of which turns were taken back. */
import type { Database } from 'bun:sqlite'
import type { ResumePoint } from '../session/effects.ts'
import { text } from './cells.ts'
import { change, rows } from './prepared.ts'

const PUT = `INSERT INTO resume_points (session_id, kind, path, entry) VALUES (?, ?, ?, ?)
  ON CONFLICT (session_id) DO UPDATE SET kind = excluded.kind, path = excluded.path, entry = excluded.entry`

/** Remembers the place, instead of an earlier one; null forgets it. */
export function putResumePoint(db: Database, sessionId: string, point: ResumePoint | null): void {
  if (point === null) return void change(db, 'DELETE FROM resume_points WHERE session_id = ?', sessionId)
  const path = point.kind === 'copy' ? point.path : null
  const entry = point.kind === 'empty' ? null : point.entry
  change(db, PUT, sessionId, point.kind, path, entry)
}

/** The place of a session; undefined when it simply goes on. */
export function readResumePoint(db: Database, sessionId: string): ResumePoint | undefined {
  const [cells] = rows(db, 'SELECT kind, path, entry FROM resume_points WHERE session_id = ?', sessionId)
  if (!cells) return undefined
  const [kind, path, entry] = cells.map(text)
  if (kind === 'empty') return { kind }
  if (kind === 'before' && entry) return { kind, entry }
  return kind === 'copy' && path && entry ? { kind, path, entry } : undefined
}
