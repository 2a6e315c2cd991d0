/** The model's words while it writes them, from the raw events of the API. Only the main thread has such. */
import { countAt, type JsonObject, objectAt, textAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import { rowEvent, rowId, type StreamedBlock, type TranslationContext, turnBegins } from './context.ts'
import { tokenEvents } from './tokens.ts'

/** What an event of the API says. */
export function streamEvents(event: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  switch (event.type) {
    case 'message_start':
      return messageStarts(objectAt(event, 'message'), context)
    case 'content_block_start':
      return blockStarts(event, context)
    case 'content_block_delta':
      return blockGrows(event, context)
    case 'message_delta':
      return tokenEvents(event.usage, context)
    default:
      return []
  }
}

function messageStarts(message: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  context.messageId = textAt(message, 'id') ?? ''
  context.blocks.clear()
  context.retryRow = null
  return [...turnBegins(context), ...tokenEvents({ ...objectAt(message, 'usage'), output_tokens: 0 }, context)]
}

function blockStarts(event: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  const type = BLOCK_TYPES.get(textAt(objectAt(event, 'content_block'), 'type') ?? '')
  const index = countAt(event, 'index')
  if (type === undefined || index === null || context.messageId === '') return []
  const id = rowId(context, `${context.messageId}:${index}`)
  context.blocks.set(index, { rowId: id, type, text: '', shown: false, whole: false })
  return []
}

function blockGrows(event: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  const block = context.blocks.get(countAt(event, 'index') ?? -1)
  const delta = objectAt(event, 'delta')
  const more = textAt(delta, 'text') ?? textAt(delta, 'thinking')
  if (!block || more === null) return []
  block.text += more
  return blockEvents(block, context)
}

const BLOCK_TYPES: ReadonlyMap<string, StreamedBlock['type']> = new Map([
  ['text', 'assistant'],
  ['thinking', 'thinking'],
])

/** The row of a block as far as it has come; blank ones have none. */
export function blockEvents(block: StreamedBlock, context: TranslationContext): readonly SessionEvent[] {
  const { rowId: id, type, text: content } = block
  // First, because to look into a text that grows piece by piece costs as much as all of it.
  if (block.shown) return [{ type: 'message_changed', id, content }]
  if (content.trim() === '') return []
  block.shown = true
  return [rowEvent(context, { id, type, content })]
}

/** The whole text of the next block of its kind; undefined when no such block was streamed. */
export function blockEnds(
  type: StreamedBlock['type'],
  messageId: string,
  text: string,
  context: TranslationContext,
): readonly SessionEvent[] | undefined {
  if (messageId !== context.messageId) return undefined
  const block = [...context.blocks.values()].find((known) => known.type === type && !known.whole)
  if (!block) return undefined
  block.whole = true
  if (block.text === text && block.shown) return []
  block.text = text
  return blockEvents(block, context)
}
