/** Starts sessions that the server drives; whoever asked for one follows it. */
import { randomUUID } from 'node:crypto'
import { homePath } from '../../lib/home-path.ts'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { type ErrorCode, errorFrame } from '../../protocol/errors.ts'
import { acknowledge } from '../commands.ts'
import type { Connection } from '../connection.ts'
import type { GatewayHandlers } from './index.ts'

type Create = Extract<GatewayMessage, { type: 'create_session' }>

/** Answers with the snapshot of the new session; what becomes of its agent follows. */
export function createSession(handlers: GatewayHandlers, connection: Connection, message: Create): void {
  const { hub, pool, store, home } = handlers
  const sessionId = randomUUID()
  const { promise, resolve } = Promise.withResolvers<void>()
  const refuse = (code: ErrorCode, reason?: string) => {
    const failure = errorFrame(code, null, reason)
    connection.reply(failure)
    acknowledge(connection, message.command_id, null, failure)
  }
  if (message.provider !== 'claude') return refuse('not_supported')
  if (store.failure !== null) return refuse('storage_failed', store.failure)
  connection.track(promise)
  pool.post('create', sessionId, JSON.stringify({ ...message, cwd: homePath(message.cwd, home) }), {
    begin: () => {
      connection.hold(sessionId)
      hub.follow(sessionId, connection)
    },
    snapshot: (frame) => {
      connection.send(frame)
      if (!connection.release(sessionId)) handlers.subscriptionsOf(connection).add(sessionId, undefined)
    },
    reply: (frame) => connection.send(frame),
    done: () => {
      acknowledge(connection, message.command_id, sessionId, undefined)
      resolve()
    },
    refused: (status, reason) => {
      connection.release(sessionId)
      refuse(status === 503 ? 'rate_limited' : 'invalid_argument', reason)
      resolve()
    },
  })
}
