/** Codex models and account, and the key that names sessions. */
import { z } from 'zod'
import { request } from '../define.ts'

export const codexMessages = [
  request('list_models', 'Asks for the models that Codex offers.', {}),
  request('codex_account_read', 'Asks for the state of the Codex account.', {
    refresh_token: z.boolean().default(false),
  }),
  request('codex_login_chatgpt_start', 'Begins a ChatGPT login in the browser.', {}),
  request('codex_login_chatgpt_cancel', 'Gives a login up.', { login_id: z.string() }),
  request('codex_account_logout', 'Signs Codex out.', {}),
  request('set_open_ai_key', 'Stores the OpenAI key that names sessions.', { key: z.string() }),
] as const
