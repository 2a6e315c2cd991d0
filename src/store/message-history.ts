/** Histories as wholes: copied into another session, cut at a place, and counted by their prompts. */
import type { Database } from 'bun:sqlite'
import { count, text } from './cells.ts'
import { change, rows } from './prepared.ts'

const COLUMNS = `type, content, timestamp, sequence, tool_name, tool_input, tool_output, tool_duration, is_in_progress,
  is_error, images_json`

/** Ids of the agent stay, so that what it tells again is recognised. */
const COPY = `INSERT INTO messages (id, session_id, ${COLUMNS})
  SELECT ?1 || ':' || CASE WHEN id LIKE ?2 || ':%' THEN substr(id, length(?2) + 2) ELSE id END, ?1, ${COLUMNS}
  FROM messages WHERE session_id = ?2 AND sequence < ?3
  ON CONFLICT (id) DO NOTHING`

/** Copies the rows of another session before a place. */
export function copyMessages(
  db: Database,
  sessionId: string,
  { sessionId: source, before }: { readonly sessionId: string; readonly before: number },
): void {
  change(db, COPY, sessionId, source, before)
}

/** Removes the rows from a place on, but for what people ran in their shell. */
export function removeMessages(db: Database, sessionId: string, from: number): void {
  change(db, "DELETE FROM messages WHERE session_id = ? AND sequence >= ? AND type <> 'shell'", sessionId, from)
}

export interface StoredPrompt {
  readonly id: string
  readonly sequence: number
  readonly content: string
}

/** The prompts of a session, oldest first. */
export function readPrompts(db: Database, sessionId: string): readonly StoredPrompt[] {
  const sql =
    "SELECT id, sequence, content FROM messages WHERE session_id = ? AND type = 'user' ORDER BY sequence, rowid"
  return rows(db, sql, sessionId).map(toPrompt)
}

/** What a person sent last, as a prompt or as guidance; undefined when nothing was. */
export function readLastSent(db: Database, sessionId: string): StoredPrompt | undefined {
  const sql = `SELECT id, sequence, content FROM messages WHERE session_id = ? AND type IN ('user', 'steer')
    ORDER BY sequence DESC, rowid DESC LIMIT 1`
  const [cells] = rows(db, sql, sessionId)
  return cells && toPrompt(cells)
}

/** Whether the last row is one with this text. */
export function endsWith(db: Database, sessionId: string, content: string): boolean {
  const sql = 'SELECT content FROM messages WHERE session_id = ? ORDER BY sequence DESC, rowid DESC LIMIT 1'
  return rows(db, sql, sessionId)[0]?.[0] === content
}

/** The row with this id, of whatever kind; undefined when there is none. */
export function readPlace(db: Database, id: string): StoredPrompt | undefined {
  const [cells] = rows(db, 'SELECT id, sequence, content FROM messages WHERE id = ?', id)
  return cells && toPrompt(cells)
}

/** The place behind the last row. */
export function placeBehind(db: Database, sessionId: string): number {
  const [cells] = rows(db, 'SELECT max(sequence) + 1 FROM messages WHERE session_id = ?', sessionId)
  return count(cells?.[0])
}

/** What was said last before a place, by anybody but us; null when nothing was. */
export function lastSaidBefore(db: Database, sessionId: string, before: number): string | null {
  const sql = `SELECT content FROM messages WHERE session_id = ? AND sequence < ? AND type IN ('user', 'assistant')
      AND id NOT LIKE session_id || ':dropped:%'
    ORDER BY sequence DESC, rowid DESC LIMIT 1`
  const [cells] = rows(db, sql, sessionId, before)
  return cells ? text(cells[0]) : null
}

/** Whether a part of the history is still to be read. */
export function hasHistoryGap(db: Database, sessionId: string): boolean {
  const sql = 'SELECT 1 FROM transcript_gaps WHERE session_id = ? AND byte_offset < byte_end LIMIT 1'
  return rows(db, sql, sessionId).length > 0
}

function toPrompt([id, sequence, content]: readonly unknown[]): StoredPrompt {
  return { id: text(id) ?? '', sequence: count(sequence), content: text(content) ?? '' }
}
