/** Rows of the table `transcript_gaps`: what of the transcripts is still to be read. */
import type { Database } from 'bun:sqlite'
import type { TranscriptGap } from '../session/effects.ts'
import { count, text } from './cells.ts'
import { change, rows } from './prepared.ts'

export interface StoredGap extends TranscriptGap {
  readonly sessionId: string
}

const PUT = `INSERT INTO transcript_gaps (session_id, path, byte_end, byte_offset, next_sequence, identity)
  VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (session_id, path, byte_end) DO UPDATE SET
    byte_offset = excluded.byte_offset, next_sequence = excluded.next_sequence, identity = excluded.identity`

/** Remembers what is still to be read; forgets what has been. */
export function putTranscriptGap(db: Database, sessionId: string, gap: TranscriptGap): void {
  const { path, end, offset, sequence, identity } = gap
  if (offset < end) change(db, PUT, sessionId, path, end, offset, sequence, identity)
  else
    change(db, 'DELETE FROM transcript_gaps WHERE session_id = ? AND path = ? AND byte_end = ?', sessionId, path, end)
}

/** Everything that is still to be read. */
export function readTranscriptGaps(db: Database): readonly StoredGap[] {
  const sql = 'SELECT session_id, path, byte_end, byte_offset, next_sequence, identity FROM transcript_gaps'
  return rows(db, sql).map(([sessionId, path, end, offset, sequence, identity]) => ({
    sessionId: text(sessionId) ?? '',
    path: text(path) ?? '',
    end: count(end),
    offset: count(offset),
    sequence: count(sequence),
    identity: text(identity) ?? '',
  }))
}
