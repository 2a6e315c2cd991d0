/** What a session waits on, as far as the command line can answer it. */
import type { ApprovalRequest } from '../../protocol/model/approval.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { CliError } from '../cli-error.ts'
import type { LiveClient } from '../live-client.ts'
import { fetchSession, waitBriefly } from './deliver.ts'

/** Milliseconds in which the hook that waits comes back to a server that was started again. */
const HOOK_RETURN_MS_MAX = 4_000

/** What the session waits on, if that can be answered from here. Throws CliError `answer_in_terminal` if it cannot. */
export async function fetchPending(client: LiveClient, sessionId: string): Promise<ApprovalRequest | null> {
  const { pending_approval: pending } = await fetchSession(client, sessionId)
  if (pending?.answerable !== false) return pending ?? null
  const answerable = await waitBriefly(client, (frame) => answerableIn(frame, sessionId), HOOK_RETURN_MS_MAX)
  if (answerable) return answerable
  throw new CliError('answer_in_terminal', 'This prompt can only be answered in the terminal of the session.')
}

function answerableIn(frame: ServerMessage, sessionId: string): ApprovalRequest | undefined {
  if (frame.type !== 'approval_requested' || frame.session_id !== sessionId) return undefined
  return frame.request.answerable === false ? undefined : frame.request
}
