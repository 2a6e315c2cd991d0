/** Carries out what clients want of a session: its actor gets the message, and the client hears whether it was done. */
import type { Database } from 'bun:sqlite'
import type { ActorPool } from '../actors/actor-pool.ts'
import type { PartMessage, SessionMessage } from '../protocol/client/index.ts'
import { type ErrorCode, errorFrame } from '../protocol/errors.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type { StoreLink } from '../store/store-link.ts'
import type { Connection } from './connection.ts'
import { nameOfPart, sessionOfPart } from './session-parts.ts'

export interface CommandParts {
  readonly pool: ActorPool
  readonly store: Pick<StoreLink, 'failure' | 'write'>
  /** A readonly connection. */
  readonly reader: () => Database
}

type Failure = Extract<ServerMessage, { type: 'error' }>

/** Hands a message to the actor of the session that it names. */
export function command(parts: CommandParts, connection: Connection, message: SessionMessage): void {
  connection.track(carryOut(parts, connection, message))
}

/** The same for a message that names a part of a session, after what the client has asked for before. */
export function commandOnPart(parts: CommandParts, connection: Connection, message: PartMessage): void {
  const earlier = connection.commandsStored()
  connection.track(earlier.then(() => carryOutOnPart(parts, connection, message)))
}

/** Settles when the message is carried out and stored, or refused. */
function carryOut({ pool, store }: CommandParts, connection: Connection, message: SessionMessage): Promise<void> {
  const { session_id: sessionId, command_id: commandId } = message
  const { promise, resolve } = Promise.withResolvers<void>()
  let failure: Failure | undefined
  const settle = () => {
    acknowledge(connection, commandId, sessionId, failure)
    resolve()
  }
  const refuse = (code: ErrorCode, reason: string) => {
    failure = errorFrame(code, sessionId, reason)
    connection.reply(failure)
    settle()
  }
  // What could not be stored would be forgotten; better not to begin.
  if (store.failure !== null) refuse('storage_failed', store.failure)
  else
    pool.post('say', sessionId, JSON.stringify(message), {
      done: settle,
      refused: (status, reason) => refuse(status === 503 ? 'rate_limited' : 'invalid_argument', reason),
      reply: (frame) => {
        if (frame.startsWith('{"type":"error"')) failure = JSON.parse(frame)
        connection.send(frame)
      },
      echo: (frame) => {
        if (!connection.follows.has(sessionId)) connection.send(frame)
      },
    })
  return promise
}

async function carryOutOnPart(parts: CommandParts, connection: Connection, message: PartMessage): Promise<void> {
  const refuse = (code: ErrorCode, reason?: string) => {
    const failure = errorFrame(code, null, reason)
    connection.reply(failure)
    acknowledge(connection, message.command_id, null, failure)
  }
  const { store, reader } = parts
  if (store.failure !== null) return refuse('storage_failed', store.failure)
  // Clients may have heard of the part before it was stored.
  await new Promise<void>((resolve) => store.write([], resolve))
  let sessionId: string | undefined
  try {
    sessionId = sessionOfPart(reader(), message)
  } catch {
    return refuse('db_error')
  }
  if (sessionId === undefined) return refuse('not_found', `${nameOfPart(message)} not found`)
  await carryOut(parts, connection, { ...message, session_id: sessionId })
}

/** Tells that a message was carried out and stored, or why not, to a client that wants to know. */
export function acknowledge(
  connection: Connection,
  commandId: string | undefined,
  sessionId: string | null,
  failure: Failure | undefined,
): void {
  if (commandId === undefined) return
  const head = { type: 'command_ack', command_id: commandId, session_id: sessionId } as const
  connection.reply(
    failure ? { ...head, ok: false, code: failure.code, message: failure.message } : { ...head, ok: true },
  )
}
