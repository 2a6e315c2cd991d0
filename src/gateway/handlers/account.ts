/** What is true of Codex where no Codex is attached. An error here would make the app ask again for ever. */
import type { ServerMessage } from '../../protocol/server/index.ts'

export const noModels = { type: 'models_list', models: [] } as const satisfies ServerMessage

export const accountStatus = {
  type: 'codex_account_status',
  status: { auth_mode: null, requires_openai_auth: true, login_in_progress: false },
} as const satisfies ServerMessage
