/** What belongs to a session and is named by an id of its own. */
import type { Database } from 'bun:sqlite'
import type { PartMessage } from '../protocol/client/index.ts'
import { readApproval } from '../store/approvals.ts'
import { sessionOfReviewComment } from '../store/review-comments.ts'

/** The session of the part that a message names; undefined when there is no such part. Throws what SQLite throws. */
export function sessionOfPart(db: Database, message: PartMessage): string | undefined {
  switch (message.type) {
    case 'delete_approval':
      return readApproval(db, message.approval_id)?.session_id
    case 'update_review_comment':
    case 'delete_review_comment':
      return sessionOfReviewComment(db, message.comment_id)
  }
}

/** The part that a message names, in words for people. */
export function nameOfPart(message: PartMessage): string {
  switch (message.type) {
    case 'delete_approval':
      return `Approval ${message.approval_id}`
    case 'update_review_comment':
    case 'delete_review_comment':
      return `Review comment ${message.comment_id}`
  }
}
