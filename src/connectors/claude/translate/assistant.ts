/** What the model has said, thought and called: one line for each content block. */
import { isJsonObject, type JsonObject, jsonText, listAt, objectAt, textAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import { agentOf, rowEvent, rowId, type TranslationContext, turnBegins } from './context.ts'
import { blockEnds } from './stream.ts'

/** The CLI's word for a message without text. */
const NO_CONTENT = '(no content)'

export function assistantEvents(
  body: JsonObject,
  parent: string | null,
  context: TranslationContext,
): readonly SessionEvent[] {
  const blocks = listAt(objectAt(body, 'message'), 'content').filter(isJsonObject)
  const calls = blocks.filter(({ type }) => CALLS.has(type))
  // The words of a subagent are in its own transcript.
  if (parent !== null) return calls.flatMap((block) => callEvents(block, parent, context))
  // What the API has refused is told by the result of the turn, unless a later try succeeds.
  if (textAt(body, 'error') !== null || body.isApiErrorMessage === true) return []
  const begins = turnBegins(context)
  return [...begins, ...blocks.flatMap((block, index) => mainEvents(body, block, index, context))]
}

const CALLS: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use'])

function mainEvents(
  body: JsonObject,
  block: JsonObject,
  index: number,
  context: TranslationContext,
): readonly SessionEvent[] {
  if (CALLS.has(block.type)) return callEvents(block, null, context)
  if (block.type === 'text') return saidEvents('assistant', textAt(block, 'text') ?? '', body, index, context)
  if (block.type === 'thinking') return saidEvents('thinking', textAt(block, 'thinking') ?? '', body, index, context)
  return []
}

function saidEvents(
  type: 'assistant' | 'thinking',
  content: string,
  body: JsonObject,
  index: number,
  context: TranslationContext,
): readonly SessionEvent[] {
  if (content.trim() === '' || content === NO_CONTENT) return []
  const messageId = textAt(objectAt(body, 'message'), 'id') ?? ''
  const streamed = blockEnds(type, messageId, content, context)
  if (streamed) return streamed
  const id = `${textAt(body, 'uuid') ?? messageId}${index === 0 ? '' : `:${index}`}`
  return [rowEvent(context, { id: rowId(context, id), type, content })]
}

function callEvents(block: JsonObject, parent: string | null, context: TranslationContext): readonly SessionEvent[] {
  const toolUseId = textAt(block, 'id')
  if (toolUseId === null || context.calls.has(toolUseId)) return []
  const call = {
    name: textAt(block, 'name') ?? 'unknown',
    input: jsonText(block.input),
    agentId: agentOf(context, parent),
  }
  context.calls.set(toolUseId, { ...call, startedAt: context.now() })
  return [{ type: 'tool_started', toolUseId, ...call }]
}
