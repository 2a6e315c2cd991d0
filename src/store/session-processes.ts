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

/** Every process that was last known to hold a session. */
export function readProcesses(db: Database): readonly (SessionProcess & { readonly sessionId: string })[] {
  return rows(db, 'SELECT session_id, pid, started, host_id FROM session_processes').map(
    ([sessionId, pid, started, hostId]) => ({
      sessionId: text(sessionId) ?? '',
      pid: count(pid),
      start: text(started),
      hostId: text(hostId) ?? '',
    }),
  )
}
