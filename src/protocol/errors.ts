/** Why the server may refuse, and what it tells the sender. */
import type { ServerMessage } from './server/index.ts'

/** Every code of an `error` frame. OrbitDock.app acts on `not_found`, `fork_failed`, `lagged` and any `codex_auth_…`. */
export const ERROR_CODES = {
  parse_error: 'This is not a message of the protocol.',
  invalid_argument: 'A value of this message is out of range.',
  too_large: 'The message is larger than the server accepts.',
  rate_limited: 'Too many messages at once; try again in a moment.',
  not_supported: 'This version of the server cannot do that yet.',
  not_found: 'There is no such session, or no agent is running in it.',
  session_not_found: 'There is no such session with a running agent.',
  already_active: 'This session is already active.',
  agent_busy: 'The agent is at work: wait for the end of the turn, or stop it first.',
  approval_gone: 'This approval was already answered.',
  answer_in_terminal: 'This prompt can only be answered in the terminal.',
  queue_full: 'The queue of this session is full; wait, or take something out.',
  storage_failed: 'The change could not be stored.',
  db_error: 'The database could not be read.',
  codex_error: 'Codex could not be started.',
  claude_error: 'Claude could not be started.',
  fork_failed: 'The session could not be forked.',
  channel_closed: 'The agent went away before it could answer.',
  approval_list_failed: 'The record of approvals could not be read.',
  approval_delete_failed: 'The entry could not be deleted.',
  model_list_failed: 'The models of Codex could not be listed.',
  codex_auth_error: 'The Codex account could not be read.',
  codex_auth_login_start_failed: 'The login could not be started.',
  codex_auth_logout_failed: 'Codex could not be signed out.',
  browse_error: 'The directory could not be read.',
  lagged: 'Frames were skipped because the connection was too slow; subscribe again.',
} as const

/** Our own codes are a closed list; on the wire `code` stays an open string. */
export type ErrorCode = keyof typeof ERROR_CODES

/** The frame that tells a sender about `code`, in the words of the list unless better ones are given. */
export function errorFrame(
  code: ErrorCode,
  sessionId: string | null,
  message: string = ERROR_CODES[code],
): Extract<ServerMessage, { type: 'error' }> {
  return { type: 'error', code, message, session_id: sessionId }
}
