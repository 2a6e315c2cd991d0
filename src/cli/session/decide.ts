/** How an answer from the command line reaches a prompt, and what became of it. */
import { randomUUID } from 'node:crypto'
import type { ClientMessage } from '../../protocol/client/index.ts'
import type { ApprovalRequest } from '../../protocol/model/approval.ts'
import type { SessionState } from '../../protocol/model/session.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { CliError, EXIT } from '../cli-error.ts'
import type { LiveClient } from '../live-client.ts'
import { clean } from '../terminal-text.ts'

/** Milliseconds for a snapshot. */
const SNAPSHOT_MS_MAX = 15_000
/** Milliseconds in which the hook that waits comes back to a server that was started again. */
const HOOK_RETURN_MS_MAX = 4_000
/** Milliseconds for an answer to be carried out and stored. */
const DECISION_MS_MAX = 10_000

/** Refusals that are about what was asked for; all others are the server's failures. */
const CLIENT_FAULTS: ReadonlySet<string> = new Set([
  'not_found',
  'session_not_found',
  'approval_gone',
  'answer_in_terminal',
  'invalid_argument',
  'parse_error',
])

/** The whole state of a session. Throws CliError when there is none. */
function fetchSession(client: LiveClient, sessionId: string): Promise<SessionState> {
  const answer = client.waitFor((frame) => {
    if (frame.type === 'session_snapshot' && frame.session.id === sessionId) return frame.session
    if (frame.type === 'error' && frame.session_id === sessionId) throw refusal(frame.code, frame.message)
    return undefined
  }, SNAPSHOT_MS_MAX)
  client.send({ type: 'subscribe_session', session_id: sessionId })
  return answer
}

/** What the session waits on, if that can be answered from here. Throws CliError `answer_in_terminal` if it cannot. */
export async function fetchPending(client: LiveClient, sessionId: string): Promise<ApprovalRequest | null> {
  const { pending_approval: pending } = await fetchSession(client, sessionId)
  if (pending?.answerable !== false) return pending ?? null
  try {
    return await client.waitFor((frame) => answerableIn(frame, sessionId), HOOK_RETURN_MS_MAX)
  } catch (error) {
    if (!(error instanceof CliError && error.code === 'timeout')) throw error
    throw new CliError('answer_in_terminal', 'This prompt can only be answered in the terminal of the session.')
  }
}

function answerableIn(frame: ServerMessage, sessionId: string): ApprovalRequest | undefined {
  if (frame.type !== 'approval_requested' || frame.session_id !== sessionId) return undefined
  return frame.request.answerable === false ? undefined : frame.request
}

type Answer = Extract<ClientMessage, { type: 'approve_tool' | 'answer_question' }>

/** Sends an answer and waits until it is carried out and stored. Throws CliError when it is refused. */
export function deliver(client: LiveClient, answer: Answer): Promise<true> {
  const commandId = randomUUID()
  const outcome = client.waitFor((frame) => outcomeOf(frame, commandId, answer.session_id), DECISION_MS_MAX)
  client.send({ ...answer, command_id: commandId })
  return outcome
}

function outcomeOf(frame: ServerMessage, commandId: string, sessionId: string): true | undefined {
  if (frame.type === 'command_ack' && frame.command_id === commandId) {
    if (frame.ok) return true
    throw refusal(frame.code ?? 'refused', frame.message ?? 'The server refused the answer.')
  }
  if (frame.type === 'error' && frame.session_id === sessionId) throw refusal(frame.code, frame.message)
  return undefined
}

function refusal(code: string, message: string): CliError {
  return new CliError(code, clean(message), CLIENT_FAULTS.has(code) ? EXIT.failed : EXIT.server)
}
