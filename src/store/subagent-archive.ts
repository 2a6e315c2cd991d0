/** Rows of the table `subagent_archive`: what clients were shown of subagents whose files may be gone. */
import type { Database } from 'bun:sqlite'
import type { ShownSubagent } from '../session/effects.ts'
import { text } from './cells.ts'
import { change, rows } from './prepared.ts'

const PUT = `INSERT INTO subagent_archive (session_id, subagent_id, frame_type, frame, complete) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (session_id, subagent_id, frame_type) DO UPDATE SET
    frame = excluded.frame,
    complete = excluded.complete`

/** Keeps a frame in the place of the one that was shown before. */
export function putShownSubagent(db: Database, sessionId: string, shown: ShownSubagent): void {
  change(db, PUT, sessionId, shown.subagentId, shown.frameType, shown.frame, Number(shown.isComplete))
}

/** The frame that was shown last; null where there was none. */
export function readShownSubagent(
  db: Database,
  sessionId: string,
  { subagentId, frameType }: Pick<ShownSubagent, 'subagentId' | 'frameType'>,
): string | null {
  const sql = 'SELECT frame FROM subagent_archive WHERE session_id = ? AND subagent_id = ? AND frame_type = ?'
  const [cells = []] = rows(db, sql, sessionId, subagentId, frameType)
  return text(cells[0])
}

/** Ids of the subagents of a session of which everything is kept. */
export function archivedSubagents(db: Database, sessionId: string): readonly string[] {
  const sql =
    'SELECT subagent_id FROM subagent_archive WHERE session_id = ? GROUP BY subagent_id HAVING min(complete) = 1'
  return rows(db, sql, sessionId).map(([id]) => text(id) ?? '')
}
