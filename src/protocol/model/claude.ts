/** What Claude Code tells of itself: its models, what fills its context, what runs beside the conversation. */
import { z } from 'zod'
import { fallback, type Immutable, optional } from '../define.ts'
import { Timestamp, u64 } from './scalars.ts'

export const ClaudeModelOption = z
  .object({
    value: z.string().describe('What `send_message` and `create_session` take as `model`.'),
    display_name: z.string(),
    description: z.string(),
    supported_efforts: fallback(z.array(z.string()), []).describe('What `send_message` takes as `effort`.'),
  })
  .meta({ id: 'ClaudeModelOption', description: 'A model that Claude Code offers.' })
export type ClaudeModelOption = Immutable<z.infer<typeof ClaudeModelOption>>

export const ContextCategory = z
  .object({ name: z.string(), tokens: u64 })
  .meta({ id: 'ContextCategory', description: 'A part of the context, or what is free of it, in Claude’s words.' })
export type ContextCategory = Immutable<z.infer<typeof ContextCategory>>

export const BackgroundTaskStatus = z
  .enum(['running', 'completed', 'failed', 'stopped'])
  .meta({ id: 'BackgroundTaskStatus', description: 'Whether a task runs, and how it ended.' })
export type BackgroundTaskStatus = z.infer<typeof BackgroundTaskStatus>

export const BackgroundTask = z
  .object({
    id: z.string().describe('What `stop_task` takes.'),
    type: z.string().describe('As Claude calls it: `shell`, `agent` and others.'),
    description: z.string(),
    status: BackgroundTaskStatus,
    started_at: Timestamp,
    ended_at: optional(Timestamp),
    tool_use_id: optional(z.string()).describe('The tool call that started it.'),
  })
  .meta({ id: 'BackgroundTask', description: 'Something that an agent runs beside the conversation.' })
export type BackgroundTask = Immutable<z.infer<typeof BackgroundTask>>
