/** Rows of the table `review_comments`. */
import type { Database } from 'bun:sqlite'
import { LIST_BYTES_MAX, REVIEW_COMMENTS_MAX } from '../lib/limits.ts'
import { withinBytes } from '../lib/within-bytes.ts'
import type { ReviewComment, ReviewCommentTag } from '../protocol/model/review.ts'
import { count, text, word } from './cells.ts'
import { type Cells, change, rows } from './prepared.ts'
import { isoSecondsOrNull, unixMs } from './times.ts'

const TAGS: readonly ReviewCommentTag[] = ['clarity', 'scope', 'risk', 'nit']

const PUT = `INSERT INTO review_comments
    (id, session_id, turn_id, file_path, line_start, line_end, body, tag, status, created_at, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    body = excluded.body,
    tag = excluded.tag,
    status = excluded.status,
    updated_at = excluded.updated_at
  WHERE session_id = excluded.session_id`

const SELECT = `SELECT id, session_id, turn_id, file_path, line_start, line_end, body, tag, status, created_at, updated_at
  FROM review_comments WHERE session_id = ?`
const NEWEST_FIRST = 'ORDER BY created_at DESC, rowid DESC LIMIT ?'

/** Adds a remark, or brings the row with its id up to date. */
export function putReviewComment(db: Database, sessionId: string, comment: ReviewComment): void {
  change(
    db,
    PUT,
    comment.id,
    sessionId,
    comment.turn_id ?? null,
    comment.file_path,
    comment.line_start,
    comment.line_end ?? null,
    comment.body,
    comment.tag ?? null,
    comment.status,
    comment.created_at,
    comment.updated_at ?? null,
  )
}

/** Takes a remark out. */
export function removeReviewComment(db: Database, sessionId: string, id: string): void {
  change(db, 'DELETE FROM review_comments WHERE id = ? AND session_id = ?', id, sessionId)
}

/** The remarks of a session, of one turn where it is given, oldest first; only the newest where they are too many. */
export function readReviewComments(db: Database, sessionId: string, turnId?: string): readonly ReviewComment[] {
  const found =
    turnId === undefined
      ? rows(db, `${SELECT} ${NEWEST_FIRST}`, sessionId, REVIEW_COMMENTS_MAX)
      : rows(db, `${SELECT} AND turn_id = ? ${NEWEST_FIRST}`, sessionId, turnId, REVIEW_COMMENTS_MAX)
  return withinBytes(found.map(toComment), LIST_BYTES_MAX).toReversed()
}

/** The session that a remark belongs to; undefined when there is no such remark. */
export function sessionOfReviewComment(db: Database, id: string): string | undefined {
  const [cells] = rows(db, 'SELECT session_id FROM review_comments WHERE id = ?', id)
  return text(cells?.[0]) ?? undefined
}

function toComment(cells: Cells): ReviewComment {
  const [id, sessionId, turnId, filePath, lineStart, lineEnd, body, tag, status, createdAt, updatedAt] = cells
  return {
    id: text(id) ?? '',
    session_id: text(sessionId) ?? '',
    turn_id: text(turnId) ?? undefined,
    file_path: text(filePath) ?? '',
    line_start: count(lineStart),
    line_end: lineEnd === null ? undefined : count(lineEnd),
    body: text(body) ?? '',
    tag: TAGS.find((known) => known === tag),
    status: word(status, ['open', 'resolved'], 'open'),
    created_at: isoSecondsOrNull(unixMs(createdAt)) ?? '0',
    updated_at: isoSecondsOrNull(unixMs(updatedAt)) ?? undefined,
  }
}
