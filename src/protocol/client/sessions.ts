/** The life of a session: how it begins, what it is called, how it ends. */
import { z } from 'zod'
import { optional, request } from '../define.ts'
import { u32 } from '../model/scalars.ts'
import { Provider } from '../model/session.ts'

const toolNames = z.array(z.string()).default([])

export const sessionStartMessages = [
  request('create_session', 'Starts a session that the server drives.', {
    provider: Provider,
    cwd: z.string(),
    model: optional(z.string()),
    approval_policy: optional(z.string()).describe('Codex only.'),
    sandbox_mode: optional(z.string()).describe('Codex only.'),
    permission_mode: optional(z.string()).describe('Claude only.'),
    allowed_tools: toolNames.describe('Claude only.'),
    disallowed_tools: toolNames.describe('Claude only.'),
  }),
  request('resume_session', 'Brings a stored session back to life.', { session_id: z.string() }),
  request('fork_session', 'Starts a session with the history of another; a turn that still runs there is left out.', {
    source_session_id: z.string(),
    nth_user_message: optional(u32).describe(
      'Cut before this prompt of the user, counted from 0; the whole history without it.',
    ),
    model: optional(z.string()),
    approval_policy: optional(z.string()),
    sandbox_mode: optional(z.string()),
    cwd: optional(z.string()),
    permission_mode: optional(z.string()),
    allowed_tools: toolNames,
    disallowed_tools: toolNames,
  }),
] as const

export const sessionLifeMessages = [
  request('end_session', 'Ends a session.', { session_id: z.string() }),
  request('rename_session', 'Names a session.', {
    session_id: z.string(),
    name: optional(z.string()).describe('Left out: the name is cleared.'),
  }),
  request('update_session_config', 'Changes how much a session may do on its own; what is left out stays.', {
    session_id: z.string(),
    approval_policy: optional(z.string()),
    sandbox_mode: optional(z.string()),
    permission_mode: optional(z.string()),
  }),
] as const
