/** Remarks on diffs, as they are stored. */
import type { Database } from 'bun:sqlite'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { errorFrame } from '../../protocol/errors.ts'
import { readReviewComments } from '../../store/review-comments.ts'
import type { Connection } from '../connection.ts'

type ListReviewComments = Extract<GatewayMessage, { type: 'list_review_comments' }>

/** Answers after the client's own commands are stored, so that it sees what it has just written. */
export async function listReviewComments(
  reader: () => Database,
  connection: Connection,
  { session_id, turn_id }: ListReviewComments,
): Promise<void> {
  await connection.commandsStored()
  try {
    const comments = readReviewComments(reader(), session_id, turn_id)
    connection.reply({ type: 'review_comments_list', session_id, comments })
  } catch {
    connection.reply(errorFrame('db_error', session_id))
  }
}
