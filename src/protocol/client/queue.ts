/** What clients do with prompts that wait for their turn. */
import { z } from 'zod'
import { request } from '../define.ts'

export const queueMessages = [
  request('edit_queued_prompt', 'Replaces the text of a prompt that still waits.', {
    session_id: z.string(),
    queued_id: z.string(),
    content: z.string(),
  }),
  request('remove_queued_prompt', 'Takes a prompt out of the queue.', {
    session_id: z.string(),
    queued_id: z.string(),
  }),
  request('release_queue', 'Lets a queue go on that was held because a turn was stopped or failed.', {
    session_id: z.string(),
  }),
] as const
