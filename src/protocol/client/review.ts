/** Remarks on diffs. */
import { z } from 'zod'
import { optional, request } from '../define.ts'
import { ReviewCommentStatus, ReviewCommentTag } from '../model/review.ts'
import { u32 } from '../model/scalars.ts'

export const reviewMessages = [
  request('create_review_comment', 'Adds a remark on a line or range of a diff.', {
    session_id: z.string(),
    turn_id: optional(z.string()),
    file_path: z.string(),
    line_start: u32,
    line_end: optional(u32),
    body: z.string(),
    tag: optional(ReviewCommentTag),
  }),
] as const

export const reviewCommentMessages = [
  request('update_review_comment', 'Changes a remark; what is left out stays.', {
    comment_id: z.string(),
    body: optional(z.string()),
    tag: optional(ReviewCommentTag),
    status: optional(ReviewCommentStatus),
  }),
  request('delete_review_comment', 'Deletes a remark.', { comment_id: z.string() }),
] as const

export const reviewListMessages = [
  request('list_review_comments', 'Asks for the remarks of a session, oldest first.', {
    session_id: z.string(),
    turn_id: optional(z.string()),
  }),
] as const
