/** Repairs what the last process left behind, in SQL over whole sets, before anything is served. */
import type { Database } from 'bun:sqlite'
import { EVENT_MEMORY_MS } from '../lib/limits.ts'
import { isoSeconds } from '../session/times.ts'
import type { SqlValue } from './prepared.ts'

/** How many rows each repair changed. */
export type RestoreReport = Readonly<Record<string, number>>

/** Minutes for which a prompt that only the terminal shows is believed to be open still. */
const ATTENTION_MINUTES = 60
/** Minutes of silence after which nobody runs a Codex thread that we only watch. */
const PASSIVE_IDLE_MINUTES = 15

/** Sessions whose agent was a process of ours: it died with the last server, the session did not. */
const DIRECT = `(provider IS 'codex' AND coalesce(codex_integration_mode, 'direct') = 'direct'
  OR coalesce(claude_integration_mode, '') = 'direct')`

const NOTHING_PENDING =
  'pending_tool_name = NULL, pending_tool_input = NULL, pending_question = NULL, pending_approval_id = NULL'
const ENDED = `status = 'ended', work_status = 'ended', attention_reason = 'none', ${NOTHING_PENDING}, ended_at = :now`
const WAITING = `work_status = 'waiting', attention_reason = 'awaitingReply', ${NOTHING_PENDING}`
const NO_MESSAGES = 'NOT EXISTS (SELECT 1 FROM messages WHERE session_id = sessions.id)'
const NOTHING_OPEN = 'NOT EXISTS (SELECT 1 FROM approval_history WHERE session_id = sessions.id AND decision IS NULL)'
/** Unix seconds. */
const LAST_HEARD_OF = 'coalesce(unixepoch(last_activity_at), unixepoch(started_at), 0)'
const NEVER_PROMPTED = 'coalesce(prompt_count, 0) = 0 AND first_prompt IS NULL'

/** In this order; what `:now` and its like are is said where they are bound. */
const REPAIRS = {
  /** The original's fault B-21: seconds with a Z are no date to SQLite, and sort before all dates. */
  times_normalised: `UPDATE sessions SET last_activity_at = strftime('%Y-%m-%dT%H:%M:%SZ', CAST(last_activity_at AS INTEGER), 'unixepoch')
    WHERE last_activity_at GLOB '[0-9]*Z' AND last_activity_at NOT GLOB '*[-:]*'`,
  /** The original's fault B-62: it ended them at every stop, and meant to go on with them. */
  direct_revived: `UPDATE sessions SET status = 'active', ${WAITING}, ended_at = NULL, end_reason = NULL
    WHERE status = 'ended' AND end_reason = 'server_shutdown' AND ${DIRECT}`,
  stale_passive_ended: `UPDATE sessions SET ${ENDED}, end_reason = 'startup_stale_passive'
    WHERE status = 'active' AND provider = 'codex' AND codex_integration_mode = 'passive'
      AND work_status NOT IN ('permission', 'question')
      AND ${LAST_HEARD_OF} < :silent`,
  empty_shells_ended: `UPDATE sessions SET ${ENDED}, end_reason = 'startup_empty_shell'
    WHERE status = 'active' AND coalesce(provider, 'claude') = 'claude' AND NOT ${DIRECT}
      AND ${NEVER_PROMPTED} AND coalesce(tool_count, 0) = 0 AND custom_name IS NULL AND ${NO_MESSAGES} AND ${NOTHING_OPEN}`,
  ghosts_ended: `UPDATE sessions SET ${ENDED}, end_reason = 'startup_ghost_direct'
    WHERE status = 'active' AND ${DIRECT} AND codex_thread_id IS NULL AND claude_sdk_session_id IS NULL
      AND ${NEVER_PROMPTED} AND ${NO_MESSAGES}`,
  /** The turn stays noted where the agent was ours: whoever clears that away tells what became of the turn. */
  direct_interrupted: `UPDATE sessions SET ${WAITING},
      current_turn_id = CASE WHEN claude_integration_mode = 'direct' THEN current_turn_id END
    WHERE status = 'active' AND work_status = 'working' AND ${DIRECT}`,
  approvals_closed: `UPDATE approval_history SET decision = 'withdrawn', decided_at = :now
    WHERE decision IS NULL
      AND EXISTS (SELECT 1 FROM sessions WHERE id = approval_history.session_id AND (status IS NOT 'active' OR ${DIRECT}))`,
  attention_repaired: `UPDATE sessions SET ${WAITING}
    WHERE status = 'active' AND work_status IN ('permission', 'question') AND ${NOTHING_OPEN}
      AND (${DIRECT} OR ${LAST_HEARD_OF} < :unattended)`,
  pending_cleared: `UPDATE sessions SET ${NOTHING_PENDING}, attention_reason = 'awaitingReply'
    WHERE status = 'active' AND work_status NOT IN ('permission', 'question')
      AND attention_reason IN ('awaitingPermission', 'awaitingQuestion') AND ${NOTHING_OPEN}`,
  /** Nobody runs them any more, so nobody will tell their end. */
  commands_ended: `UPDATE messages SET is_error = 1, is_in_progress = 1, tool_duration = 0,
      tool_output = coalesce(nullif(tool_output, '') || char(10), '') || 'The server stopped before this command ended.'
    WHERE type = 'shell' AND tool_duration IS NULL`,
  /** Their session is over, or its agent died with the last server. */
  subagents_ended: `UPDATE subagents SET ended_at = :now, outcome = 'stopped'
    WHERE ended_at IS NULL AND EXISTS (SELECT 1 FROM sessions WHERE id = subagents.session_id AND (status IS NOT 'active' OR ${DIRECT}))`,
  starts_forgotten: 'DELETE FROM pending_starts WHERE at < :forgotten',
  /** Of an agent of ours the process may live though its session has ended: whoever ends it forgets it. */
  processes_forgotten: `DELETE FROM session_processes
    WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE id = session_processes.session_id AND (status = 'active' OR ${DIRECT}))
      AND NOT EXISTS (SELECT 1 FROM pending_starts WHERE session_id = session_processes.session_id)`,
}

/** Repairs in one transaction; `nowMs` is Unix milliseconds. Throws what SQLite throws, with nothing changed. */
export function restore(db: Database, nowMs: number): RestoreReport {
  const values: Readonly<Record<string, SqlValue>> = {
    ':now': isoSeconds(nowMs),
    // Unix seconds.
    ':silent': Math.floor(nowMs / 1000) - PASSIVE_IDLE_MINUTES * 60,
    ':unattended': Math.floor(nowMs / 1000) - ATTENTION_MINUTES * 60,
    // Unix milliseconds; starts before will not show life any more.
    ':forgotten': nowMs - EVENT_MEMORY_MS,
  }
  return db
    .transaction(() =>
      Object.fromEntries(Object.entries(REPAIRS).map(([name, sql]) => [name, db.query(sql).run(values).changes])),
    )
    .immediate()
}
