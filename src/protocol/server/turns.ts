/** Turns: what they cost, what they changed, how they are taken back. */
import { z } from 'zod'
import { frame, optional } from '../define.ts'
import { u32, u64 } from '../model/scalars.ts'
import { TokenUsage } from '../model/session.ts'

export const turnFrames = [
  frame('tokens_updated', 'New token counters.', { session_id: z.string(), usage: TokenUsage }),
  frame('turn_diff_snapshot', 'The diff of the turn that just ended.', {
    session_id: z.string(),
    turn_id: z.string(),
    diff: z.string(),
    input_tokens: optional(u64),
    output_tokens: optional(u64),
    cached_tokens: optional(u64),
    context_window: optional(u64),
  }),
  frame('context_compacted', 'The agent summarised its context.', { session_id: z.string() }),
  frame('undo_started', 'An undo began.', { session_id: z.string(), message: optional(z.string()) }),
  frame('undo_completed', 'An undo is over.', {
    session_id: z.string(),
    success: z.boolean(),
    message: optional(z.string()),
  }),
  frame('files_rewound', 'Files were put back as they were before a prompt, or could not be.', {
    session_id: z.string(),
    user_message_id: z.string(),
    success: z.boolean(),
    files: z.array(z.string()).describe('Paths of those that were changed.'),
    message: z.string(),
  }),
  frame('thread_rolled_back', 'Turns were dropped.', { session_id: z.string(), num_turns: u32 }),
] as const
