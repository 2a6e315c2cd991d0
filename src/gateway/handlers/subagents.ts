/** What subagents did; their transcripts are read where their session is. */
import type { ActorPool } from '../../actors/actor-pool.ts'
import type { GatewayMessage } from '../../protocol/client/index.ts'
import { errorFrame } from '../../protocol/errors.ts'
import type { Connection } from '../connection.ts'

type SubagentRequest = Extract<GatewayMessage, { type: 'get_subagent_tools' | 'get_subagent_messages' }>

/** Answers what a subagent did. It counts as a command, so that nobody asks for too much at a time. */
export function askSubagent(pool: ActorPool, connection: Connection, message: SubagentRequest): void {
  const { type, session_id: sessionId, subagent_id: subagentId } = message
  const { promise, resolve } = Promise.withResolvers<void>()
  connection.track(promise)
  pool.post(type === 'get_subagent_tools' ? 'tools' : 'subagent', sessionId, subagentId, {
    done: resolve,
    refused: (_, reason) => {
      connection.reply(errorFrame('rate_limited', sessionId, reason))
      resolve()
    },
    reply: (frame) => connection.send(frame),
  })
}
