/** Rows of the table `transcript_cursors`: how far each transcript is read. */
import type { Database } from 'bun:sqlite'
import { count, text } from './cells.ts'
import { change, rows } from './prepared.ts'

export interface TranscriptCursor {
  readonly path: string
  /** Bytes read. */
  readonly offset: number
  /** Tells a file from another one at the same path. */
  readonly identity: string
}

const PUT = `INSERT INTO transcript_cursors (session_id, path, byte_offset, identity) VALUES (?, ?, ?, ?)
  ON CONFLICT (session_id, path) DO UPDATE SET byte_offset = excluded.byte_offset, identity = excluded.identity`

/** Remembers how far a transcript of this session is read. */
export function putTranscriptCursor(
  db: Database,
  sessionId: string,
  { path, offset, identity }: TranscriptCursor,
): void {
  change(db, PUT, sessionId, path, offset, identity)
}

/** How far this transcript of the session is read; undefined when it never was. */
export function readTranscriptCursor(db: Database, sessionId: string, path: string): TranscriptCursor | undefined {
  const sql = 'SELECT byte_offset, identity FROM transcript_cursors WHERE session_id = ? AND path = ?'
  const [cells] = rows(db, sql, sessionId, path)
  return cells && { path, offset: count(cells[0]), identity: text(cells[1]) ?? '' }
}

/** Whether any transcript of the session was read. */
export function hasReadTranscript(db: Database, sessionId: string): boolean {
  return rows(db, 'SELECT 1 FROM transcript_cursors WHERE session_id = ? LIMIT 1', sessionId).length > 0
}

/** A session whose conversation is in its transcript, and not here. */
export interface UnreadSession {
  readonly sessionId: string
  readonly path: string
}

/** Sessions of Claude that are listed and of whose conversation nothing is stored, the newest first. */
export function readUnreadSessions(db: Database): readonly UnreadSession[] {
  const sql = `SELECT id, transcript_path FROM sessions
    WHERE provider = 'claude' AND transcript_path <> ''
      AND NOT EXISTS (SELECT 1 FROM transcript_cursors WHERE session_id = sessions.id)
      AND NOT EXISTS (SELECT 1 FROM messages WHERE session_id = sessions.id)
    ORDER BY rowid DESC`
  return rows(db, sql).map(([id, path]) => ({ sessionId: String(id), path: String(path) }))
}
