/** What clients ask of the Claude Code of a session that the server drives. */
import { z } from 'zod'
import { optional, request } from '../define.ts'

export const claudeMessages = [
  request('list_claude_models', 'Asks for the models that Claude Code offers.', {
    session_id: optional(z.string()).describe('Left out: as any session was told last.'),
  }),
  request('get_context_usage', 'Asks Claude for what fills its context; it must be running.', {
    session_id: z.string(),
  }),
  request('stop_task', 'Has Claude stop a task that runs beside the conversation.', {
    session_id: z.string(),
    task_id: z.string(),
  }),
] as const
