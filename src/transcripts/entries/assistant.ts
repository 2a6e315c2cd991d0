/** What the model said, thought and called. */
import { isJsonObject, type JsonObject, jsonText, listAt, objectAt, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { type EntryContext, type EntryTranslation, rowEvent, rowIdOf, toolRowId } from '../entry.ts'
import { NO_CONTENT } from './marked-text.ts'
import { baseModel, tokenEvents } from './tokens.ts'
import { toolResultEvents } from './tool-results.ts'

/** Stands in messages that the CLI made itself, such as API errors. */
const SYNTHETIC_MODEL = '<synthetic>'
/** What the CLI lets the model have said to a prompt that it never got; its screen does not show it. */
const NO_RESPONSE = 'No response requested.'

/** Lines hold one content block each, mostly; lines of one message share its id and repeat its usage. */
export const assistantEvents: EntryTranslation = (entry, context) => {
  const message = objectAt(entry, 'message')
  const model = textAt(message, 'model')
  const rows = blocksOf(message).flatMap((block, index) => blockEvents(entry, block, index, context))
  if (model === SYNTHETIC_MODEL) return rows
  return [...rows, ...modelEvents(model, context), ...tokenEvents(message.usage, [model, context.model])]
}

function blocksOf(message: JsonObject): readonly unknown[] {
  const { content } = message
  return typeof content === 'string' ? [{ type: 'text', text: content }] : listAt(message, 'content')
}

function blockEvents(entry: JsonObject, block: unknown, index: number, context: EntryContext): readonly SessionEvent[] {
  if (!isJsonObject(block)) return []
  switch (block.type) {
    case 'text': {
      const content = textAt(block, 'text')?.trim() ?? ''
      const isError = entry.isApiErrorMessage === true
      if (content === '' || content === NO_CONTENT || isFiller(entry, content)) return []
      return [rowEvent(entry, { id: rowIdOf(entry, context, index), type: 'assistant', content, isError })]
    }
    case 'thinking': {
      const content = textAt(block, 'thinking')?.trim() ?? ''
      return content === '' ? [] : [rowEvent(entry, { id: rowIdOf(entry, context, index), type: 'thinking', content })]
    }
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return callEvents(entry, block, index, context)
    default:
      // Tools that the API runs itself answer within the message.
      return toolResultEvents(entry, [block], context)
  }
}

function isFiller(entry: JsonObject, content: string): boolean {
  return content === NO_RESPONSE && objectAt(entry, 'message').model === SYNTHETIC_MODEL
}

function callEvents(
  entry: JsonObject,
  block: JsonObject,
  index: number,
  context: EntryContext,
): readonly SessionEvent[] {
  const toolUseId = textAt(block, 'id')
  const id = toolUseId === null ? rowIdOf(entry, context, index) : toolRowId(context, toolUseId)
  const toolName = textAt(block, 'name') ?? 'unknown'
  return [rowEvent(entry, { id, type: 'tool', content: '', toolName, toolInput: jsonText(block.input) })]
}

/** The transcript leaves out the mark of the window, so only another model is news. */
function modelEvents(model: string | null, context: EntryContext): readonly SessionEvent[] {
  const known = context.model === null ? null : baseModel(context.model)
  return model === null || model === known ? [] : [{ type: 'model_reported', model }]
}
