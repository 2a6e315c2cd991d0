/** Codex: its models and its account. */
import { z } from 'zod'
import { type Immutable, nullable, optional } from '../define.ts'

export const CodexModelOption = z
  .object({
    id: z.string(),
    model: z.string(),
    display_name: z.string(),
    description: z.string(),
    is_default: z.boolean(),
    supported_reasoning_efforts: z.array(z.string()),
  })
  .meta({ id: 'CodexModelOption', description: 'A model that Codex offers.' })
export type CodexModelOption = Immutable<z.infer<typeof CodexModelOption>>

export const CodexAuthMode = z
  .enum(['api_key', 'chatgpt'])
  .meta({ id: 'CodexAuthMode', description: 'How Codex is signed in.' })
export type CodexAuthMode = z.infer<typeof CodexAuthMode>

export const CodexLoginCancelStatus = z
  .enum(['canceled', 'not_found', 'invalid_id'])
  .meta({ id: 'CodexLoginCancelStatus', description: 'What became of a wish to cancel a login.' })
export type CodexLoginCancelStatus = z.infer<typeof CodexLoginCancelStatus>

export const CodexAccount = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('api_key') }),
    z.object({ type: z.literal('chatgpt'), email: optional(z.string()), plan_type: optional(z.string()) }),
  ])
  .meta({ id: 'CodexAccount', description: 'Who is signed in.' })
export type CodexAccount = Immutable<z.infer<typeof CodexAccount>>

export const CodexAccountStatus = z
  .object({
    auth_mode: nullable(CodexAuthMode),
    requires_openai_auth: z.boolean(),
    account: optional(CodexAccount),
    login_in_progress: z.boolean(),
    active_login_id: optional(z.string()),
  })
  .meta({ id: 'CodexAccountStatus', description: 'State of the Codex account.' })
export type CodexAccountStatus = Immutable<z.infer<typeof CodexAccountStatus>>
