/** What clients do with prompts that wait for their turn. */
import { editQueued, releaseQueue, removeQueued } from '../queue.ts'
import type { CommandRules } from '../rules.ts'

export const queueCommands = {
  edit_queued_prompt: (state, { queued_id, content }) => editQueued(state, queued_id, content),
  remove_queued_prompt: (state, { queued_id }) => removeQueued(state, queued_id),
  release_queue: (state) => releaseQueue(state),
} satisfies Partial<CommandRules>
