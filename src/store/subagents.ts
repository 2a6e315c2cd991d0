/** Rows of the table `subagents`. */
import type { Database } from 'bun:sqlite'
import type { Subagent, SubagentOutcome } from '../session/state.ts'
import { isoSeconds } from '../session/times.ts'
import { count, flag, text } from './cells.ts'
import { type Cells, change, rows } from './prepared.ts'
import { isoSecondsOrNull, unixMs } from './times.ts'

const PUT = `INSERT INTO subagents
    (id, session_id, agent_type, transcript_path, started_at, ended_at, description, tool_use_id, parent_id, background,
     outcome, last_message, tool_count, last_tool)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    agent_type = excluded.agent_type,
    transcript_path = coalesce(excluded.transcript_path, transcript_path),
    ended_at = excluded.ended_at,
    description = coalesce(excluded.description, description),
    tool_use_id = coalesce(excluded.tool_use_id, tool_use_id),
    parent_id = coalesce(excluded.parent_id, parent_id),
    background = excluded.background,
    outcome = excluded.outcome,
    last_message = coalesce(excluded.last_message, last_message),
    tool_count = excluded.tool_count,
    last_tool = coalesce(excluded.last_tool, last_tool)`

const OUTCOMES: readonly SubagentOutcome[] = ['completed', 'failed', 'stopped']

/** Adds a subagent, or brings the row with its id up to date. */
export function putSubagent(db: Database, sessionId: string, subagent: Subagent): void {
  change(
    db,
    PUT,
    subagent.id,
    sessionId,
    subagent.agentType,
    subagent.transcriptPath,
    isoSeconds(subagent.startedAt),
    isoSecondsOrNull(subagent.endedAt),
    subagent.description,
    subagent.toolUseId,
    subagent.parentId,
    Number(subagent.background),
    subagent.outcome,
    subagent.lastMessage,
    subagent.toolCount,
    subagent.lastTool,
  )
}

/** The subagents of a session in the order in which they started. */
export function readSubagents(db: Database, sessionId: string): readonly Subagent[] {
  const sql = `SELECT id, agent_type, transcript_path, started_at, ended_at, description, tool_use_id, parent_id, background,
      outcome, last_message, tool_count, last_tool
    FROM subagents WHERE session_id = ? ORDER BY started_at, rowid`
  return rows(db, sql, sessionId).map(toSubagent)
}

function toSubagent(cells: Cells): Subagent {
  const [id, agentType, transcriptPath, startedAt, endedAt, description, toolUseId, parentId, background, ...rest] =
    cells
  const [outcome, lastMessage, toolCount, lastTool] = rest
  return {
    id: text(id) ?? '',
    agentType: text(agentType) ?? 'unknown',
    description: text(description),
    toolUseId: text(toolUseId),
    parentId: text(parentId),
    background: flag(background),
    transcriptPath: text(transcriptPath),
    startedAt: unixMs(startedAt) ?? 0,
    endedAt: unixMs(endedAt),
    outcome: OUTCOMES.find((known) => known === outcome) ?? null,
    lastMessage: text(lastMessage),
    toolCount: count(toolCount),
    lastTool: text(lastTool),
  }
}
