/** How what the command line wants of a session reaches it, and what became of it. */
import { randomUUID } from 'node:crypto'
import type { ClientMessage } from '../../protocol/client/index.ts'
import type { SessionState } from '../../protocol/model/session.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { CliError, EXIT } from '../cli-error.ts'
import type { LiveClient } from '../live-client.ts'
import { clean } from '../terminal-text.ts'

/** Milliseconds for a snapshot. */
const SNAPSHOT_MS_MAX = 15_000
/** Milliseconds for a command to be carried out and stored. */
const DELIVERY_MS_MAX = 10_000

/** Milliseconds for an agent to answer: as long as the server itself waits for it, and more. */
const ANSWER_MS_MAX = 40_000

/** Refusals that are about what was asked for; all others are the server's failures. */
const CLIENT_FAULTS: ReadonlySet<string> = new Set([
  'not_found',
  'session_not_found',
  'already_active',
  'agent_busy',
  'fork_failed',
  'approval_gone',
  'answer_in_terminal',
  'invalid_argument',
  'parse_error',
])

/** The whole state of a session, which the client follows from then on. Throws CliError when there is none. */
export function fetchSession(client: LiveClient, sessionId: string): Promise<SessionState> {
  const answer = client.waitFor((frame) => {
    if (frame.type === 'session_snapshot' && frame.session.id === sessionId) return frame.session
    if (frame.type === 'error' && frame.session_id === sessionId) throw refusal(frame)
    return undefined
  }, SNAPSHOT_MS_MAX)
  client.send({ type: 'subscribe_session', session_id: sessionId })
  return answer
}

/** A message that changes the session it names. */
type Command = Extract<ClientMessage, { session_id: string; command_id?: string | undefined }>

/** Sends a command and waits until it is carried out and stored. Throws CliError when it is refused. */
export function deliver(client: LiveClient, command: Command): Promise<true> {
  const commandId = randomUUID()
  const outcome = client.waitFor((frame) => outcomeOf(frame, commandId, command.session_id), DELIVERY_MS_MAX)
  client.send({ ...command, command_id: commandId })
  return outcome
}

function outcomeOf(frame: ServerMessage, commandId: string, sessionId: string): true | undefined {
  if (frame.type === 'command_ack' && frame.command_id === commandId) {
    if (frame.ok) return true
    throw refusal({ code: frame.code ?? 'refused', message: frame.message ?? 'The server refused.' })
  }
  if (frame.type === 'error' && frame.session_id === sessionId) throw refusal(frame)
  return undefined
}

/** Asks about a session; `pick` knows the answer. Throws CliError when it is refused. */
export function ask<Value>(
  client: LiveClient,
  question: Extract<ClientMessage, { session_id?: string | undefined }>,
  pick: (frame: ServerMessage) => Value | undefined,
): Promise<Value> {
  const answer = client.waitFor((frame) => {
    if (frame.type === 'error' && frame.session_id === question.session_id) throw refusal(frame)
    return pick(frame)
  }, ANSWER_MS_MAX)
  client.send(question)
  return answer
}

/** How a command fails that the server refused. */
export function refusal({ code, message }: { readonly code: string; readonly message: string }): CliError {
  return new CliError(code, clean(message), CLIENT_FAULTS.has(code) ? EXIT.failed : EXIT.server)
}

/**
 * Delivers a command and waits for what comes of it; undefined when nothing came within `timeoutMs`. Throws CliError when it
 * is refused, be it later.
 */
export async function deliverAndSee<Value>(
  client: LiveClient,
  command: Command,
  pick: (frame: ServerMessage) => Value | undefined,
  timeoutMs: number,
): Promise<Value | undefined> {
  const look = (frame: ServerMessage) => {
    if (frame.type === 'error' && frame.session_id === command.session_id) throw refusal(frame)
    return pick(frame)
  }
  const seen = waitBriefly(client, look, timeoutMs)
  // Nobody looks at it when the delivery fails.
  seen.catch(() => {})
  await deliver(client, command)
  return seen
}

/** As `waitFor`, and undefined when nothing came in time. */
export async function waitBriefly<Value>(
  client: LiveClient,
  pick: (frame: ServerMessage) => Value | undefined,
  timeoutMs: number,
): Promise<Value | undefined> {
  try {
    return await client.waitFor(pick, timeoutMs)
  } catch (error) {
    if (error instanceof CliError && error.code === 'timeout') return undefined
    throw error
  }
}
