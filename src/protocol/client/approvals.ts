/** Answers to what an agent waits on, and the record of them. */
import { z } from 'zod'
import { lenient, optional, request } from '../define.ts'
import { i64, u32 } from '../model/scalars.ts'

const declared = request('approve_tool', 'Decides a pending approval.', {
  session_id: z.string(),
  request_id: z.string(),
  decision: z
    .string()
    .optional()
    .meta({ $comment: 'required without `approved`' })
    .describe('`approved`, `approved_for_session` and `approved_always` approve; any other word refuses.'),
  approved: lenient(z.boolean()).describe('In place of `decision`: true reads as `approved`, false as `denied`.'),
  message: optional(z.string()).describe('What the agent is told about a refusal.'),
  interrupt: optional(z.boolean()).describe('A refusal also ends the turn.'),
  updated_input: optional(z.unknown()).describe('Replaces the input of the tool (Claude).'),
})

/** Older clients say yes or no with a boolean; it becomes a decision before anybody reads it. */
const approveTool = declared
  .transform(({ approved, decision = decisionOf(approved), ...rest }, context) => {
    if (decision !== undefined) return { ...rest, decision }
    context.issues.push({ code: 'invalid_type', expected: 'string', path: ['decision'], input: undefined })
    return z.NEVER
  })
  .meta({ ...declared.meta(), anyOf: [{ required: ['decision'] }, { required: ['approved'] }] })

function decisionOf(approved: boolean | undefined): string | undefined {
  return approved === undefined ? undefined : approved ? 'approved' : 'denied'
}

export const approvalMessages = [
  approveTool,
  request('answer_question', 'Answers a pending question.', {
    session_id: z.string(),
    request_id: z.string(),
    answer: z.string(),
  }),
] as const

export const approvalHistoryMessages = [
  request('list_approvals', 'Reads the record of approvals, newest first.', {
    session_id: optional(z.string()).describe('Left out: of every session.'),
    limit: optional(u32).describe('200 when left out, 1000 at most.'),
  }),
] as const

export const approvalEntryMessages = [
  request('delete_approval', 'Deletes one entry of the record.', { approval_id: i64 }),
] as const
