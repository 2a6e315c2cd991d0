/** Rows of the table `session_processes`: which processes hold the sessions that go on. */
import type { Database } from 'bun:sqlite'
import { count, text } from './cells.ts'
import { change, rows } from './prepared.ts'

export interface SessionProcess {
  readonly pid: number
  /** How the system tells its start; null for a process that another process table holds. */
  readonly start: string | null
  /** The machine that the process was reported from. */
  readonly hostId: string
}

const PUT = `INSERT INTO session_processes (session_id, pid, started, host_id) VALUES (?, ?, ?, ?)
  ON CONFLICT (session_id, pid) DO UPDATE SET started = excluded.started, host_id = excluded.host_id`

/** Remembers that a process holds the session. */
export function putProcess(db: Database, sessionId: string, { pid, start, hostId }: SessionProcess): void {
  change(db, PUT, sessionId, pid, start, hostId)
}

/** The process holds the session no more. */
export function removeProcess(db: Database, sessionId: string, pid: number): void {
  change(db, 'DELETE FROM session_processes WHERE session_id = ? AND pid = ?', sessionId, pid)
}

/** Sessions whose agent is a process of ours. */
const DRIVEN = `SELECT id FROM sessions WHERE claude_integration_mode = 'direct'`

/** Every process that was last known to hold a session which is only watched. */
export function readProcesses(db: Database): readonly (SessionProcess & { readonly sessionId: string })[] {
  return rows(
    db,
    `SELECT session_id, pid, started, host_id FROM session_processes WHERE session_id NOT IN (${DRIVEN})`,
  ).map(([sessionId, pid, started, hostId]) => ({
    sessionId: text(sessionId) ?? '',
    pid: count(pid),
    start: text(started),
    hostId: text(hostId) ?? '',
  }))
}

/** An agent of ours that was running when the server was killed. */
export interface AbandonedProcess {
  readonly sessionId: string
  readonly pid: number
  readonly start: string | null
  /** Whether it was in the middle of a turn. */
  readonly inTurn: boolean
}

/** The processes of sessions that the server drives; a server that stops as it should leaves none. */
export function readAbandonedProcesses(db: Database): readonly AbandonedProcess[] {
  return rows(
    db,
    `SELECT session_id, pid, started, current_turn_id IS NOT NULL FROM session_processes
      JOIN sessions ON sessions.id = session_id AND claude_integration_mode = 'direct'`,
  ).map(([sessionId, pid, started, inTurn]) => ({
    sessionId: text(sessionId) ?? '',
    pid: count(pid),
    start: text(started),
    inTurn: count(inTurn) === 1,
  }))
}

/** Sessions that the server drives, were in the middle of a turn, and have no agent: it was killed before it started one. */
export function readUnattendedTurns(db: Database): readonly string[] {
  return rows(
    db,
    `SELECT id FROM sessions WHERE id IN (${DRIVEN}) AND status <> 'ended' AND current_turn_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM session_processes WHERE session_id = sessions.id)`,
  ).map(([id]) => text(id) ?? '')
}
