/** Starts sessions that the server drives, new ones and ended ones; whoever asked for one follows it. */
import { randomUUID } from 'node:crypto'
import type { ToHostOp } from '../../actors/letters.ts'
import { homePath } from '../../lib/home-path.ts'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { ERROR_CODES, type ErrorCode, errorFrame } from '../../protocol/errors.ts'
import { acknowledge } from '../commands.ts'
import type { Connection } from '../connection.ts'
import type { GatewayHandlers } from './index.ts'

type Wish<Type extends GatewayMessage['type']> = Extract<GatewayMessage, { type: Type }>

interface Opening {
  readonly op: ToHostOp
  readonly sessionId: string
  /** What the client is told a refusal is about; a session that does not come about has no id. */
  readonly subject: string | null
  /** What every refusal is called, where clients wait for that word. */
  readonly failure?: ErrorCode
  readonly text: string
  readonly commandId: string | undefined
}

/** Answers with the snapshot of the new session; what becomes of its agent follows. */
export function createSession(
  handlers: GatewayHandlers,
  connection: Connection,
  message: Wish<'create_session'>,
): void {
  const { command_id: commandId, cwd, provider } = message
  const opening = { op: 'create', sessionId: randomUUID(), subject: null, commandId } as const
  if (provider !== 'claude') return refuse(connection, opening, 'not_supported')
  open(handlers, connection, { ...opening, text: JSON.stringify({ ...message, cwd: homePath(cwd, handlers.home) }) })
}

/** Answers with the snapshot of the session that goes on, driven by the server from now on. */
export function resumeSession(
  handlers: GatewayHandlers,
  connection: Connection,
  message: Wish<'resume_session'>,
): void {
  const { command_id: commandId, session_id: sessionId } = message
  open(handlers, connection, { op: 'resume', sessionId, subject: sessionId, commandId, text: '' })
}

/** Answers with the snapshot of the new session and with `session_forked`; every failure is told about the source. */
export async function forkSession(
  handlers: GatewayHandlers,
  connection: Connection,
  message: Wish<'fork_session'>,
): Promise<void> {
  const { command_id: commandId, source_session_id: subject, cwd } = message
  const text = JSON.stringify(cwd === undefined ? message : { ...message, cwd: homePath(cwd, handlers.home) })
  const opening = { op: 'fork', sessionId: randomUUID(), subject, failure: 'fork_failed', commandId, text } as const
  const { store } = handlers
  if (store.failure !== null) return refuse(connection, opening, 'storage_failed', store.failure)
  // Clients may have seen of the source what is not stored yet.
  await connection.commandsStored()
  await new Promise<void>((resolve) => store.write([], resolve))
  open(handlers, connection, opening)
}

function open(handlers: GatewayHandlers, connection: Connection, opening: Opening): void {
  const { hub, pool, store } = handlers
  const { op, sessionId, commandId, text } = opening
  if (store.failure !== null) return refuse(connection, opening, 'storage_failed', store.failure)
  const { promise, resolve } = Promise.withResolvers<void>()
  let failure: ReturnType<typeof errorFrame> | undefined
  connection.track(promise)
  pool.post(op, sessionId, text, {
    begin: () => {
      connection.hold(sessionId)
      hub.follow(sessionId, connection)
    },
    snapshot: (frame) => {
      connection.send(frame)
      if (!connection.release(sessionId)) handlers.subscriptionsOf(connection).add(sessionId, undefined)
    },
    reply: (frame) => {
      if (frame.startsWith('{"type":"error"')) failure = JSON.parse(frame)
      connection.send(frame)
    },
    done: () => {
      acknowledge(connection, commandId, sessionId, failure)
      resolve()
    },
    refused: (status, reason) => {
      connection.release(sessionId)
      refuse(connection, opening, status === 503 ? 'rate_limited' : 'invalid_argument', reason)
      resolve()
    },
  })
}

function refuse(
  connection: Connection,
  { subject, commandId, failure: called }: Pick<Opening, 'subject' | 'commandId' | 'failure'>,
  code: ErrorCode,
  reason?: string,
): void {
  const failure = errorFrame(called ?? code, subject, reason ?? ERROR_CODES[code])
  connection.reply(failure)
  acknowledge(connection, commandId, subject, failure)
}
