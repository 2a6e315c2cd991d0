/** Remarks that people write on the diffs of a session. */
import { REVIEW_COMMENTS_MAX } from '../../lib/limits.ts'
import type { ReviewComment } from '../../protocol/model/review.ts'
import { change, keep, refuse, tell } from '../change.ts'
import type { Step } from '../effects.ts'
import { REVIEW_COMMENT_CHARS_MAX } from '../limits.ts'
import type { CommandRules } from '../rules.ts'
import type { SessionState } from '../state.ts'
import { cutText } from '../text.ts'
import { isoSeconds } from '../times.ts'

/** Characters of the session's id in that of a remark. */
const ID_PREFIX_CHARS = 8

export const reviewCommands = {
  create_review_comment(state, { turn_id, file_path, line_start, line_end, body, tag }, now) {
    if (state.reviewComments.length >= REVIEW_COMMENTS_MAX)
      return refuse(state, 'invalid_argument', `A session holds at most ${REVIEW_COMMENTS_MAX} remarks.`)
    const facts = { turn_id, file_path, line_start, line_end, body, tag }
    const created_at = isoSeconds(now)
    const comment = { id: newId(state, now), session_id: state.id, ...facts, status: 'open', created_at } as const
    return put(state, 'review_comment_created', comment, [...state.reviewComments, comment])
  },
  update_review_comment: (state, { comment_id, body, tag, status }, now) =>
    withComment(state, comment_id, (known) => {
      const comment = {
        ...known,
        body: body ?? known.body,
        tag: tag ?? known.tag,
        status: status ?? known.status,
        updated_at: isoSeconds(now),
      }
      const comments = state.reviewComments.map((other) => (other === known ? comment : other))
      return put(state, 'review_comment_updated', comment, comments)
    }),
  delete_review_comment: (state, { comment_id }) =>
    withComment(state, comment_id, (known) =>
      change(
        state,
        { reviewComments: state.reviewComments.filter((other) => other !== known) },
        keep({ table: 'review_comments', remove: comment_id }),
        tell({ type: 'review_comment_deleted', session_id: state.id, comment_id }),
      ),
    ),
} satisfies Partial<CommandRules>

function withComment(state: SessionState, id: string, then: (comment: ReviewComment) => Step): Step {
  const comment = state.reviewComments.find((known) => known.id === id)
  return comment ? then(comment) : refuse(state, 'not_found', `Review comment ${id} not found`)
}

function put(
  state: SessionState,
  type: 'review_comment_created' | 'review_comment_updated',
  comment: ReviewComment,
  reviewComments: readonly ReviewComment[],
): Step {
  if (JSON.stringify(comment).length > REVIEW_COMMENT_CHARS_MAX)
    return refuse(state, 'invalid_argument', `A remark has at most ${REVIEW_COMMENT_CHARS_MAX} characters.`)
  return change(
    state,
    { reviewComments },
    keep({ table: 'review_comments', put: comment }),
    tell({ type, session_id: state.id, comment }),
  )
}

/** As the original's, but never the same twice in one millisecond. */
function newId({ id, reviewComments }: SessionState, now: number): string {
  const taken = new Set(reviewComments.map((comment) => comment.id))
  let ms = now
  const idAt = () => `rc-${cutText(id, ID_PREFIX_CHARS)}-${ms}`
  while (taken.has(idAt())) ms++
  return idAt()
}
