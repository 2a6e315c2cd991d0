/** What a person says to the agent, and how a turn is stopped or taken back. */
import { z } from 'zod'
import { optional, request } from '../define.ts'
import { ImageInput } from '../model/message.ts'
import { u32 } from '../model/scalars.ts'
import { MentionInput, SkillInput } from '../model/skills.ts'

export const turnMessages = [
  request('send_message', 'Sends a prompt; while the agent is at something, it waits in the queue.', {
    session_id: z.string(),
    content: z.string(),
    model: optional(z.string()).describe('For this turn.'),
    effort: optional(z.string()).describe('For this turn.'),
    skills: z.array(SkillInput).default([]),
    images: z.array(ImageInput).default([]),
    mentions: z.array(MentionInput).default([]),
  }),
  request('steer_turn', 'Adds guidance to the running turn.', { session_id: z.string(), content: z.string() }),
  request('interrupt_session', 'Stops the running turn.', { session_id: z.string() }),
  request('compact_context', 'Has the agent summarise its context.', { session_id: z.string() }),
  request(
    'undo_last_turn',
    'Takes the last turn back: what it changed in files, where the agent can, and what was said.',
    {
      session_id: z.string(),
    },
  ),
  request('rollback_turns', 'Drops the last turns from the context.', {
    session_id: z.string(),
    num_turns: u32.describe('0, or more than there are, is answered with `invalid_argument`.'),
  }),
  request(
    'rewind_files',
    'Puts files back as they were before a prompt; the conversation stays. Answered with `files_rewound`.',
    {
      session_id: z.string(),
      user_message_id: z.string().describe('Of the row of the prompt, or of the prompt as the agent calls it.'),
    },
  ),
] as const
