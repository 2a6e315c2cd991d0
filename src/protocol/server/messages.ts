/** Rows of conversations. */
import { z } from 'zod'
import { frame } from '../define.ts'
import { Message, MessageChanges } from '../model/message.ts'

export const messageFrames = [
  frame('message_appended', 'A conversation row; replaces the row of the same id.', {
    session_id: z.string(),
    message: Message,
  }),
  frame('message_updated', 'What changed in a conversation row.', {
    session_id: z.string(),
    message_id: z.string(),
    changes: MessageChanges,
  }),
] as const
