/** Approvals: asked for, listed, deleted. */
import { z } from 'zod'
import { frame, nullable } from '../define.ts'
import { ApprovalHistoryItem, ApprovalRequest } from '../model/approval.ts'
import { i64 } from '../model/scalars.ts'

export const approvalFrames = [
  frame('approval_requested', 'The agent waits for a decision or an answer.', {
    session_id: z.string(),
    request: ApprovalRequest,
  }),
  frame('approvals_list', 'The record of approvals.', {
    session_id: nullable(z.string()).describe('Null: of every session.'),
    approvals: z.array(ApprovalHistoryItem),
  }),
  frame('approval_deleted', 'An entry of the record is gone.', { approval_id: i64 }),
] as const
