/** Codex models and account. */
import { z } from 'zod'
import { frame, optional } from '../define.ts'
import { CodexAccountStatus, CodexLoginCancelStatus, CodexModelOption } from '../model/codex.ts'

export const codexFrames = [
  frame('models_list', 'The models that Codex offers.', { models: z.array(CodexModelOption) }),
  frame('codex_account_status', 'The state of the Codex account.', { status: CodexAccountStatus }),
  frame('codex_account_updated', 'The Codex account changed.', { status: CodexAccountStatus }),
  frame('codex_login_chatgpt_started', 'A login waits in the browser.', {
    login_id: z.string(),
    auth_url: z.string(),
  }),
  frame('codex_login_chatgpt_completed', 'A login is over.', {
    login_id: z.string(),
    success: z.boolean(),
    error: optional(z.string()),
  }),
  frame('codex_login_chatgpt_canceled', 'A login was given up.', {
    login_id: z.string(),
    status: CodexLoginCancelStatus,
  }),
] as const
