/** Prompts that wait for their turn. */
import { z } from 'zod'
import { type Immutable, optional } from '../define.ts'
import { Timestamp, u64 } from './scalars.ts'

export const QueuedPrompt = z
  .object({
    id: z.string(),
    content: z.string(),
    is_truncated: optional(z.boolean()).describe('Whether only the beginning of the text is told.'),
    model: optional(z.string()),
    effort: optional(z.string()),
    image_count: u64,
    created_at: Timestamp,
  })
  .meta({ id: 'QueuedPrompt', description: 'A prompt that goes out when the agent has done what it is at.' })
export type QueuedPrompt = Immutable<z.infer<typeof QueuedPrompt>>
