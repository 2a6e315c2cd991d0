/** What Claude Code tells of itself. */
import { z } from 'zod'
import { frame, nullable, optional } from '../define.ts'
import { ClaudeModelOption, ContextCategory } from '../model/claude.ts'
import { u64 } from '../model/scalars.ts'

export const claudeFrames = [
  frame('claude_models_list', 'The models that Claude Code offers; none before one has run.', {
    session_id: optional(z.string()),
    models: z.array(ClaudeModelOption),
  }),
  frame('context_usage', 'What fills the context of a session.', {
    session_id: z.string(),
    model: nullable(z.string()),
    total_tokens: u64,
    max_tokens: u64,
    categories: z.array(ContextCategory),
  }),
] as const
