/** As much of a stored session as tells whether it is worth loading. */
import type { Database } from 'bun:sqlite'
import type { StoredSession } from '../session/state.ts'
import { rows } from './prepared.ts'
import { readFields, selectList } from './sessions.ts'

const GLANCED_FIELDS = [
  'status',
  'workStatus',
  'observed',
  'endedAt',
] as const satisfies readonly (keyof StoredSession)[]

export type SessionGlance = Pick<StoredSession, (typeof GLANCED_FIELDS)[number]>

/** Undefined when there is no such session. */
export function glanceAt(db: Database, sessionId: string): SessionGlance | undefined {
  const [cells] = rows(db, `SELECT ${selectList(GLANCED_FIELDS)} FROM sessions WHERE id = ?`, sessionId)
  return cells && readFields(GLANCED_FIELDS, cells)
}
