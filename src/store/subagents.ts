/** Rows of the table `subagents`. */
import type { Database } from 'bun:sqlite'
import type { Subagent } from '../session/state.ts'
import { isoSeconds } from '../session/times.ts'
import { text } from './cells.ts'
import { change, rows } from './prepared.ts'
import { isoSecondsOrNull, unixMs } from './times.ts'

const PUT = `INSERT INTO subagents (id, session_id, agent_type, transcript_path, started_at, ended_at)
  VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    agent_type = excluded.agent_type,
    transcript_path = coalesce(excluded.transcript_path, transcript_path),
    ended_at = excluded.ended_at`

/** Adds a subagent, or brings the row with its id up to date. */
export function putSubagent(db: Database, sessionId: string, subagent: Subagent): void {
  const { id, agentType, transcriptPath, startedAt, endedAt } = subagent
  change(db, PUT, id, sessionId, agentType, transcriptPath, isoSeconds(startedAt), isoSecondsOrNull(endedAt))
}

/** The subagents of a session in the order in which they started. */
export function readSubagents(db: Database, sessionId: string): readonly Subagent[] {
  const sql = `SELECT id, agent_type, transcript_path, started_at, ended_at FROM subagents
    WHERE session_id = ? ORDER BY started_at, rowid`
  return rows(db, sql, sessionId).map(([id, agentType, transcriptPath, startedAt, endedAt]) => ({
    id: text(id) ?? '',
    agentType: text(agentType) ?? 'unknown',
    transcriptPath: text(transcriptPath),
    startedAt: unixMs(startedAt) ?? 0,
    endedAt: unixMs(endedAt),
  }))
}
