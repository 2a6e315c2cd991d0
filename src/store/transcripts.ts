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
