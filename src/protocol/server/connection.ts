/** The connection itself: who is there, what was carried out, what failed. */
import { z } from 'zod'
import { frame, message, nullable, optional } from '../define.ts'
import { u32 } from '../model/scalars.ts'

export const connectionFrames = [
  message('hello', 'Who serves, on which version of the wire.', { version: z.string(), protocol_version: u32 }),
  frame('command_ack', 'The message with this `command_id` was carried out and stored, or refused.', {
    command_id: z.string(),
    session_id: nullable(z.string()),
    ok: z.boolean(),
    code: optional(z.string()),
    message: optional(z.string()),
  }),
  frame('error', 'Something failed.', {
    code: z.string(),
    message: z.string(),
    session_id: nullable(z.string()),
  }),
] as const
