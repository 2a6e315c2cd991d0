/** Summaries of the sessions in the database, for the list. */
import type { Database } from 'bun:sqlite'
import { LIST_SESSIONS_MAX } from '../lib/limits.ts'
import { restoreListing } from '../session/restore.ts'
import { summaryOf } from '../session/view.ts'
import { type ListedRow, listSessions } from '../store/sessions.ts'
import type { ListedSession } from './session-list.ts'

/** Active sessions first, then the newest ended ones. */
export function storedSummaries(db: Database): readonly ListedSession[] {
  return listSessions(db, { limit: LIST_SESSIONS_MAX }).map((row) => {
    const at = row.lastActivityAt ?? row.startedAt ?? 1
    return {
      sessionId: row.id,
      activity: row.status === 'ended' ? -at : at,
      summary: JSON.stringify({ ...summaryOf(restoreListing(row.id, row)), ...pending(row) }),
    }
  })
}

/** What waits for a person is known by its id alone until somebody opens the session. */
function pending({ pendingApprovalId }: ListedRow) {
  return pendingApprovalId === null ? {} : { has_pending_approval: true, pending_approval_id: pendingApprovalId }
}
