/** Summaries of the sessions in the database, for the list. */
import type { Database } from 'bun:sqlite'
import { LIST_SESSIONS_MAX } from '../lib/limits.ts'
import { restoreSession } from '../session/restore.ts'
import { summaryOf } from '../session/view.ts'
import { listSessions } from '../store/sessions.ts'
import type { ListedSession } from './session-list.ts'

/** Active sessions first, then the newest ended ones. */
export function storedSummaries(db: Database): readonly ListedSession[] {
  const now = Date.now()
  return listSessions(db, { limit: LIST_SESSIONS_MAX }).map(({ id, stored }) => {
    const state = restoreSession(id, stored, { approvals: [], answered: [], subagents: [], turnDiffs: [], now })
    const at = stored.lastActivityAt ?? stored.startedAt ?? 1
    return {
      sessionId: id,
      activity: stored.status === 'ended' ? -at : at,
      summary: JSON.stringify(summaryOf(state)),
    }
  })
}
