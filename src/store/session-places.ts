/** Where sessions work, and what was last known of the repositories there. */
import type { Database } from 'bun:sqlite'
import type { StoredSession } from '../session/state.ts'
import { rows } from './prepared.ts'
import { readFields, selectList } from './sessions.ts'

const PLACE_FIELDS = [
  'projectPath',
  'currentCwd',
  'lastActivityAt',
  'gitBranch',
  'gitSha',
  'repositoryRoot',
  'worktreePath',
  'gitDirty',
] as const satisfies readonly (keyof StoredSession)[]

export type SessionPlace = Pick<StoredSession, (typeof PLACE_FIELDS)[number]>

const FIELDS = selectList(PLACE_FIELDS)
const ACTIVE = `SELECT id, ${FIELDS} FROM sessions WHERE status = 'active' ORDER BY last_activity_at DESC LIMIT ?`

/** Undefined when there is no such session. */
export function placeOf(db: Database, sessionId: string): SessionPlace | undefined {
  const [cells] = rows(db, `SELECT ${FIELDS} FROM sessions WHERE id = ?`, sessionId)
  return cells && readFields(PLACE_FIELDS, cells)
}

/** Those of the sessions that go on, the latest first, at most `limit`. */
export function activePlaces(db: Database, limit: number): readonly (SessionPlace & { readonly id: string })[] {
  return rows(db, ACTIVE, limit).map((cells) => ({ id: String(cells[0]), ...readFields(PLACE_FIELDS, cells, 1) }))
}
