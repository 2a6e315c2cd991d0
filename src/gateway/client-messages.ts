/** What a client says: checked against the wire, then handed to the session's actor or answered here. */
import type { ActorPool } from '../actors/actor-pool.ts'
import {
  ClientMessage,
  type HookMessage,
  PART_MESSAGE_TYPES,
  type PartMessage,
  SESSION_MESSAGE_TYPES,
  type SessionMessage,
} from '../protocol/client/index.ts'
import { errorFrame } from '../protocol/errors.ts'
import { type CommandParts, command, commandOnPart } from './commands.ts'
import type { Connection } from './connection.ts'
import type { GatewayHandlers } from './handlers/index.ts'
import { answerRequest } from './handlers/index.ts'

export interface ClientMessagesParts extends CommandParts {
  readonly handlers: GatewayHandlers
}

/** Handles one text frame of a client. */
export function receive(parts: ClientMessagesParts, connection: Connection, text: string): void {
  const message = parse(text)
  if (typeof message === 'string') return connection.reply(errorFrame('parse_error', null, message))
  if (isHook(message)) return postHook(parts.pool, message, text)
  if (isForSession(message)) return command(parts, connection, message)
  if (isAboutPart(message)) return commandOnPart(parts, connection, message)
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

function isAboutPart(message: ClientMessage): message is PartMessage {
  return PART_MESSAGE_TYPES.has(message.type)
}

/** Hooks on a socket get no answer, as on the original server; the body travels as it came. */
function postHook(pool: ActorPool, message: HookMessage, text: string): void {
  pool.post('hook', message.session_id, text, { done() {}, refused() {} })
}
