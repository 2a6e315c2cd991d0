/** Remarks on diffs. */
import { z } from 'zod'
import { frame } from '../define.ts'
import { ReviewComment } from '../model/review.ts'

export const reviewFrames = [
  frame('review_comment_created', 'A remark was added.', { session_id: z.string(), comment: ReviewComment }),
  frame('review_comment_updated', 'A remark changed.', { session_id: z.string(), comment: ReviewComment }),
  frame('review_comment_deleted', 'A remark was deleted.', { session_id: z.string(), comment_id: z.string() }),
  frame('review_comments_list', 'The remarks of a session.', {
    session_id: z.string(),
    comments: z.array(ReviewComment),
  }),
] as const
