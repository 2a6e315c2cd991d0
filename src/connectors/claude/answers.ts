/** Answers what clients ask of a running Claude. */
import { countAt, type JsonObject, objectsAt, textAt } from '../../lib/json.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import type { AgentQuestion } from '../connector.ts'
import { mcpServersIn, mcpToolsList } from './mcp-servers.ts'

export interface AnswersParts {
  /** Asks Claude. Rejects with AgentError. */
  request(request: JsonObject & { readonly subtype: string }): Promise<JsonObject>
  /** The MCP servers start again: that is told as it comes. */
  watchMcp(): Promise<void>
}

/** The frame that answers; null where the news come as events. Rejects with AgentError. */
export async function answerTo(
  question: AgentQuestion,
  { request, watchMcp }: AnswersParts,
): Promise<ServerMessage | null> {
  const { session_id: sessionId } = question
  switch (question.type) {
    case 'get_context_usage':
      return contextUsage(sessionId, await request({ subtype: 'get_context_usage' }))
    case 'list_mcp_tools':
      return mcpToolsList(sessionId, mcpServersIn(await request({ subtype: 'mcp_status' })))
    case 'refresh_mcp_servers': {
      const servers = mcpServersIn(await request({ subtype: 'mcp_status' }))
      const enabled = servers.filter(({ status }) => status.state !== 'cancelled')
      // One that does not come back is told as such.
      await Promise.allSettled(enabled.map(({ name }) => request({ subtype: 'mcp_reconnect', serverName: name })))
      await watchMcp()
      return null
    }
    case 'stop_task':
      await request({ subtype: 'stop_task', task_id: question.task_id })
      return null
  }
}

function contextUsage(sessionId: string, usage: JsonObject): ServerMessage {
  return {
    type: 'context_usage',
    session_id: sessionId,
    model: textAt(usage, 'model'),
    total_tokens: countAt(usage, 'totalTokens') ?? 0,
    max_tokens: countAt(usage, 'maxTokens') ?? 0,
    categories: objectsAt(usage, 'categories').flatMap((category) => {
      const name = textAt(category, 'name')
      return name === null ? [] : [{ name, tokens: countAt(category, 'tokens') ?? 0 }]
    }),
  }
}
