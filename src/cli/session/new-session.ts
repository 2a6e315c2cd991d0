/** Asks for a session that is not there yet, and waits for it. */
import { randomUUID } from 'node:crypto'
import type { ClientMessage } from '../../protocol/client/index.ts'
import type { SessionState } from '../../protocol/model/session.ts'
import type { LiveClient } from '../live-client.ts'
import { refusal } from './deliver.ts'

/** Milliseconds for an agent to start. */
const START_MS_MAX = 45_000

type Birth = Extract<ClientMessage, { type: 'create_session' | 'fork_session' | 'resume_session' }>

/**
 * The session as its agent has started. Throws CliError when the server refuses, when the agent cannot be started, or after
 * 45 s.
 */
export async function awaitSession(client: LiveClient, request: Birth): Promise<SessionState> {
  const commandId = randomUUID()
  let session: SessionState | undefined
  const started = client.waitFor((frame) => {
    if (frame.type === 'session_snapshot') session = frame.session
    // The connection asks for one thing, so every error is about it.
    if (frame.type === 'error') throw refusal(frame)
    if (frame.type === 'command_ack' && frame.command_id === commandId) {
      if (!frame.ok) throw refusal({ code: frame.code ?? 'refused', message: frame.message ?? 'The server refused.' })
      // A fork is told when its agent runs.
      return request.type === 'fork_session' ? undefined : session
    }
    if (frame.type === 'session_forked') return session
    return undefined
  }, START_MS_MAX)
  client.send({ ...request, command_id: commandId })
  return started
}
