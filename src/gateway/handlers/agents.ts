/** What clients ask of the agents that the server runs. */
import type { ActorPool } from '../../actors/actor-pool.ts'
import type { AgentQuestion } from '../../connectors/connector.ts'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { errorFrame } from '../../protocol/errors.ts'
import { readModels } from '../../store/capabilities.ts'
import { acknowledge } from '../commands.ts'
import type { Connection } from '../connection.ts'
import type { GatewayHandlers } from './index.ts'

type ListModels = Extract<GatewayMessage, { type: 'list_claude_models' }>

/** Hands a question to where the agent of its session runs; the answer, or why there is none, comes from there. */
export function askAgent(pool: ActorPool, connection: Connection, question: AgentQuestion): void {
  const { session_id: sessionId, command_id: commandId } = question
  const { promise, resolve } = Promise.withResolvers<void>()
  connection.track(promise)
  pool.post('question', sessionId, JSON.stringify(question), {
    done: resolve,
    refused: (_, reason) => {
      const failure = errorFrame('rate_limited', sessionId, reason)
      connection.reply(failure)
      acknowledge(connection, commandId, sessionId, failure)
      resolve()
    },
    reply: (frame) => connection.send(frame),
  })
}

/** Answers with the models that Claude Code offers, as it told last. */
export async function listClaudeModels(
  { store, reader }: Pick<GatewayHandlers, 'reader' | 'store'>,
  connection: Connection,
  { session_id: sessionId }: ListModels,
): Promise<void> {
  await connection.commandsStored()
  // Clients may have heard of an agent before what it offers was stored.
  await new Promise<void>((resolve) => store.write([], resolve))
  try {
    const models = readModels(reader(), sessionId ?? null)
    connection.reply({
      type: 'claude_models_list',
      ...(sessionId === undefined ? {} : { session_id: sessionId }),
      models,
    })
  } catch {
    connection.reply(errorFrame('db_error', sessionId ?? null))
  }
}
