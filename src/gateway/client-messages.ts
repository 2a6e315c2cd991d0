/** What a client says: checked against the wire, then handed to the session's actor or answered here. */
import type { ActorPool } from '../actors/actor-pool.ts'
import {
  ClientMessage,
  type HookMessage,
  SESSION_MESSAGE_TYPES,
  type SessionMessage,
} from '../protocol/client/index.ts'
import { type ErrorCode, errorFrame } from '../protocol/errors.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type { StoreLink } from '../store/store-link.ts'
import type { Connection } from './connection.ts'
import type { GatewayHandlers } from './handlers/index.ts'
import { answerRequest } from './handlers/index.ts'

export interface ClientMessagesParts {
  readonly pool: ActorPool
  readonly store: Pick<StoreLink, 'failure'>
  readonly handlers: GatewayHandlers
}

/** Handles one text frame of a client. */
export function receive(parts: ClientMessagesParts, connection: Connection, text: string): void {
  const message = parse(text)
  if (typeof message === 'string') return connection.reply(errorFrame('parse_error', null, message))
  if (isHook(message)) return postHook(parts.pool, message, text)
  if (isForSession(message)) return command(parts, connection, message)
  answerRequest(parts.handlers, connection, message)
}

/** The message, or what is wrong with it. */
function parse(text: string): ClientMessage | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'The frame is not JSON.'
  }
  const read = ClientMessage.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = issue?.path.length ? ` at ${issue.path.join('.')}` : ''
  return `Not a message of the protocol${where}: ${issue?.message ?? 'unknown form'}.`
}

function isHook(message: ClientMessage): message is HookMessage {
  return message.type.startsWith('claude_')
}

function isForSession(message: ClientMessage): message is SessionMessage {
  return SESSION_MESSAGE_TYPES.has(message.type)
}

/** Hooks on a socket get no answer, as on the original server; the body travels as it came. */
function postHook(pool: ActorPool, message: HookMessage, text: string): void {
  pool.post('hook', message.session_id, text, { done() {}, refused() {} })
}

function command({ pool, store }: ClientMessagesParts, connection: Connection, message: SessionMessage): void {
  const { session_id: sessionId, command_id: commandId } = message
  let error: Extract<ServerMessage, { type: 'error' }> | undefined
  const { promise, resolve } = Promise.withResolvers<void>()
  connection.track(promise)
  const settle = () => {
    if (commandId !== undefined) connection.reply(acknowledgement(commandId, sessionId, error))
    resolve()
  }
  const refuse = (code: ErrorCode, reason: string) => {
    error = errorFrame(code, sessionId, reason)
    connection.reply(error)
    settle()
  }
  // What could not be stored would be forgotten; better not to begin.
  if (store.failure !== null) return refuse('storage_failed', store.failure)
  pool.post('say', sessionId, JSON.stringify(message), {
    done: settle,
    refused: (status, reason) => refuse(status === 503 ? 'rate_limited' : 'invalid_argument', reason),
    reply: (frame) => {
      if (frame.startsWith('{"type":"error"')) error = JSON.parse(frame)
      connection.send(frame)
    },
  })
}

function acknowledgement(
  commandId: string,
  sessionId: string,
  error: Extract<ServerMessage, { type: 'error' }> | undefined,
): ServerMessage {
  const head = { type: 'command_ack', command_id: commandId, session_id: sessionId } as const
  return error ? { ...head, ok: false, code: error.code, message: error.message } : { ...head, ok: true }
}
