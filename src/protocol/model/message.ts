/** Rows of a conversation. */
import { z } from 'zod'
import { type Immutable, nullable, optional } from '../define.ts'
import { Timestamp, u64 } from './scalars.ts'

export const MessageType = z
  .enum(['user', 'assistant', 'thinking', 'tool', 'tool_result', 'steer', 'shell'])
  .meta({ id: 'MessageType', description: 'Kind of conversation row.' })
export type MessageType = z.infer<typeof MessageType>

export const ImageInput = z
  .object({
    input_type: z.string().describe('`url` (a data URI) or `path` (a file of the server machine).'),
    value: z.string(),
  })
  .meta({ id: 'ImageInput', description: 'A picture in a prompt or a conversation row.' })
export type ImageInput = Immutable<z.infer<typeof ImageInput>>

export const Message = z
  .object({
    id: z.string(),
    session_id: z.string(),
    message_type: MessageType,
    content: z.string(),
    tool_name: nullable(z.string()),
    tool_input: nullable(z.string()).describe('JSON text.'),
    tool_output: nullable(z.string()),
    is_error: z.boolean(),
    timestamp: Timestamp,
    duration_ms: nullable(u64),
    images: optional(z.array(ImageInput)),
  })
  .meta({ id: 'Message', description: 'One conversation row.' })
export type Message = Immutable<z.infer<typeof Message>>

export const MessageChanges = z
  .object({
    content: optional(z.string()),
    tool_output: optional(z.string()),
    is_error: optional(z.boolean()),
    duration_ms: optional(u64),
    images: optional(z.array(ImageInput)),
  })
  .meta({ id: 'MessageChanges', description: 'Patch of a conversation row.' })
export type MessageChanges = Immutable<z.infer<typeof MessageChanges>>
