/** Approvals: what an agent waits on, and the record of what was decided. */
import { z } from 'zod'
import { type Immutable, nullable, optional } from '../define.ts'
import { i64, Timestamp, u64 } from './scalars.ts'

export const ApprovalType = z
  .enum(['exec', 'patch', 'question'])
  .meta({ id: 'ApprovalType', description: 'What is asked: to run, to change files, or for an answer.' })
export type ApprovalType = z.infer<typeof ApprovalType>

export const ApprovalRequest = z
  .object({
    id: z.string(),
    session_id: z.string(),
    type: ApprovalType,
    command: nullable(z.string()),
    file_path: nullable(z.string()).describe('For a Codex command: the directory it runs in.'),
    diff: nullable(z.string()),
    question: nullable(z.string()),
    proposed_amendment: optional(z.array(z.string())).describe(
      'The command prefix that `approved_always` would allow.',
    ),
    tool_name: optional(z.string()),
    tool_input: optional(z.string()).describe('JSON text.'),
    tool_use_id: optional(z.string()),
    subagent_id: optional(z.string()).describe('The subagent that asks; left out for the main thread.'),
    subagent_type: optional(z.string()),
    answerable: optional(z.boolean()).describe('False when only the terminal can answer.'),
    approval_version: optional(u64).describe('Grows whenever the pending approvals of the session change.'),
  })
  .meta({ id: 'ApprovalRequest', description: 'Something the agent waits on.' })
export type ApprovalRequest = Immutable<z.infer<typeof ApprovalRequest>>

export const ApprovalHistoryItem = z
  .object({
    id: i64,
    session_id: z.string(),
    request_id: z.string(),
    approval_type: ApprovalType,
    tool_name: nullable(z.string()),
    command: nullable(z.string()),
    file_path: nullable(z.string()),
    cwd: nullable(z.string()),
    decision: nullable(z.string()).describe('Null until somebody decides.'),
    proposed_amendment: nullable(z.array(z.string())),
    created_at: Timestamp,
    decided_at: nullable(Timestamp),
  })
  .meta({ id: 'ApprovalHistoryItem', description: 'One request of the past and what was decided.' })
export type ApprovalHistoryItem = Immutable<z.infer<typeof ApprovalHistoryItem>>
