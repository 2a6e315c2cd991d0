/** What comes in the name of the user: results of tools, and our own prompts once the CLI has read them. */
import { taskChange } from '../../../lib/claude-tasks.ts'
import { blocksText, readableOutput } from '../../../lib/claude-tool-output.ts'
import { isJsonObject, type JsonObject, listAt, objectAt, parseJson, textAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import { imagesOf } from '../../../transcripts/entries/images.ts'
import { agentOf, type OpenCall, rowId, type TranslationContext } from './context.ts'

/** The results in a line; whatever else it holds are words of the CLI for the model. */
export function userEvents(
  body: JsonObject,
  parent: string | null,
  context: TranslationContext,
): readonly SessionEvent[] {
  const blocks = listAt(objectAt(body, 'message'), 'content').filter(isJsonObject)
  const results = blocks.filter(({ type }) => type === 'tool_result')
  // The structured result of a line belongs to its only block.
  const structured = results.length === 1 && isJsonObject(body.tool_use_result) ? body.tool_use_result : null
  return results.flatMap((block) => resultEvents(block, structured, parent, context))
}

function resultEvents(
  block: JsonObject,
  structured: JsonObject | null,
  parent: string | null,
  context: TranslationContext,
): readonly SessionEvent[] {
  const toolUseId = textAt(block, 'tool_use_id')
  if (toolUseId === null) return []
  const call = context.calls.get(toolUseId)
  context.calls.delete(toolUseId)
  const isError = block.is_error === true
  const finished: SessionEvent = {
    type: 'tool_finished',
    toolUseId,
    name: call?.name ?? 'unknown',
    input: call?.input ?? null,
    output: (isError ? null : readableOutput(structured)) ?? contentText(block.content),
    isError,
    interrupted: structured?.interrupted === true,
    durationMs: call ? Math.max(0, Math.round(context.now() - call.startedAt)) : null,
    agentId: call ? call.agentId : agentOf(context, parent),
  }
  const images = imagesOf(listAt(block, 'content'))
  const pictures: readonly SessionEvent[] =
    images.length === 0 || finished.agentId !== null
      ? []
      : [{ type: 'message_changed', id: rowId(context, toolUseId), images }]
  return [...pictures, ...(call && !isError ? planEvents(toolUseId, call, structured) : []), finished]
}

/** A call that changed Claude's list of tasks. The todos of a subagent are its own. */
function planEvents(toolUseId: string, { name, input, agentId }: OpenCall, result: unknown): readonly SessionEvent[] {
  if (agentId !== null && name === 'TodoWrite') return []
  const asked = parseJson(input ?? '')
  const change = taskChange(name, isJsonObject(asked) ? asked : {}, result)
  return change === null ? [] : [{ type: 'plan_changed', change, toolUseId }]
}

function contentText(content: unknown): string {
  if (Array.isArray(content)) return blocksText(content)
  return readableOutput(content) ?? ''
}
