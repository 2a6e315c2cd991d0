/** Results of tool calls, which come as words of the user. */
import { blocksText, readableOutput } from '../../lib/claude-tool-output.ts'
import { countAt, isJsonObject, type JsonObject, listAt, objectAt, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { type EntryContext, toolRowId } from '../entry.ts'
import { imagesOf } from './images.ts'

/** What the results among these blocks say about their calls. */
export function toolResultEvents(
  entry: JsonObject,
  blocks: readonly JsonObject[],
  context: EntryContext,
): readonly SessionEvent[] {
  const results = blocks.filter(isToolResult)
  return results.flatMap((block) => resultEvents(entry, block, results.length === 1, context))
}

/** Those of tools that the API runs have names such as `web_search_tool_result`. */
export function isToolResult({ type }: JsonObject): boolean {
  return typeof type === 'string' && /(^|_)tool_result$/.test(type)
}

/** `isOnly`: the structured result of an entry belongs to its only block. */
function resultEvents(
  entry: JsonObject,
  block: JsonObject,
  isOnly: boolean,
  context: EntryContext,
): readonly SessionEvent[] {
  const toolUseId = textAt(block, 'tool_use_id')
  if (toolUseId === null) return []
  const isError = block.is_error === true
  const structured = isOnly && !isError && typeof entry.toolUseResult === 'object' ? entry.toolUseResult : null
  const elapsedMs = elapsedOf(entry, toolUseId, context)
  const images = imagesOf(listAt(block, 'content'))
  const changed: SessionEvent = {
    type: 'message_changed',
    id: toolRowId(context, toolUseId),
    toolOutput: readableOutput(structured) ?? contentText(block.content),
    isError,
    ...(elapsedMs === null ? {} : { [context.live ? 'elapsedMs' : 'durationMs']: elapsedMs }),
    ...(images.length === 0 ? {} : { images }),
  }
  return context.live ? [changed, { type: 'tools_settled', toolUseIds: [toolUseId] }] : [changed]
}

function contentText(content: unknown): string {
  if (Array.isArray(content)) return blocksText(content)
  return readableOutput(content) ?? ''
}

/**
 * Milliseconds of a call, as its result says, else between its two lines. The hooks of a call that is watched know it
 * better: theirs leaves out the time in which somebody was asked.
 */
function elapsedOf(entry: JsonObject, toolUseId: string, context: EntryContext): number | null {
  const result = objectAt(entry, 'toolUseResult')
  const told = countAt(result, 'totalDurationMs') ?? countAt(result, 'durationMs')
  if (told !== null) return told
  const began = Date.parse(context.startOf(toolUseId) ?? '')
  const ended = Date.parse(textAt(entry, 'timestamp') ?? '')
  return ended >= began ? ended - began : null
}

/** The blocks of an entry's message. */
export function blocksOf(entry: JsonObject): readonly JsonObject[] {
  return listAt(objectAt(entry, 'message'), 'content').filter(isJsonObject)
}
