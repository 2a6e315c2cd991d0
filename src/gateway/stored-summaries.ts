/** Summaries of the sessions in the database, for the list. */
import type { Database } from 'bun:sqlite'
import { LIST_SESSIONS_MAX } from '../lib/limits.ts'
import { restoreSession } from '../session/restore.ts'
import type { StoredSession } from '../session/state.ts'
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
      summary: JSON.stringify({ ...summaryOf(state), ...pending(stored) }),
    }
  })
}

/** What waits for a person is known by its id alone until somebody opens the session. */
function pending({ pendingApprovalId }: StoredSession) {
  return pendingApprovalId === null ? {} : { has_pending_approval: true, pending_approval_id: pendingApprovalId }
}
