/** What subagents did; their transcripts are read where their session is. */
import type { ActorPool } from '../../actors/actor-pool.ts'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { errorFrame } from '../../protocol/errors.ts'
import type { Connection } from '../connection.ts'

type GetSubagentTools = Extract<GatewayMessage, { type: 'get_subagent_tools' }>

/** Answers with the tool calls of a subagent. It counts as a command, so that nobody asks for too many at a time. */
export function getSubagentTools(
  pool: ActorPool,
  connection: Connection,
  { session_id: sessionId, subagent_id: subagentId }: GetSubagentTools,
): void {
  const { promise, resolve } = Promise.withResolvers<void>()
  connection.track(promise)
  pool.post('tools', sessionId, subagentId, {
    done: resolve,
    refused: (_, reason) => {
      connection.reply(errorFrame('rate_limited', sessionId, reason))
      resolve()
    },
    reply: (frame) => connection.send(frame),
  })
}
