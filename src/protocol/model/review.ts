/** Remarks that a person writes on a diff. */
import { z } from 'zod'
import { type Immutable, optional } from '../define.ts'
import { Timestamp, u32 } from './scalars.ts'

export const ReviewCommentTag = z
  .enum(['clarity', 'scope', 'risk', 'nit'])
  .meta({ id: 'ReviewCommentTag', description: 'Kind of remark.' })
export type ReviewCommentTag = z.infer<typeof ReviewCommentTag>

export const ReviewCommentStatus = z
  .enum(['open', 'resolved'])
  .meta({ id: 'ReviewCommentStatus', description: 'Whether a remark is settled.' })
export type ReviewCommentStatus = z.infer<typeof ReviewCommentStatus>

export const ReviewComment = z
  .object({
    id: z.string(),
    session_id: z.string(),
    turn_id: optional(z.string()),
    file_path: z.string(),
    line_start: u32,
    line_end: optional(u32),
    body: z.string(),
    tag: optional(ReviewCommentTag),
    status: ReviewCommentStatus,
    created_at: Timestamp,
    updated_at: optional(Timestamp),
  })
  .meta({ id: 'ReviewComment', description: 'A remark on a line or range of a diff.' })
export type ReviewComment = Immutable<z.infer<typeof ReviewComment>>
