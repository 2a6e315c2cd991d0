/** What came in the name of the user: prompts, commands, results of tools, interruptions. */
import { type JsonObject, objectAt, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { type EntryContext, type EntryTranslation, rowEvent, rowIdOf } from '../entry.ts'
import { answerEvents, commandRow } from './commands.ts'
import { imagesOf } from './images.ts'
import { type MarkedText, markedText } from './marked-text.ts'
import { blocksOf, toolResultEvents } from './tool-results.ts'

/** Stands for a picture that is too large to be kept, in the words of the CLI. */
const LOST_PICTURE = '[Image]'

export const userEvents: EntryTranslation = (entry, context) => {
  if (entry.isCompactSummary === true) return summaryEvents(entry, context)
  if (isForModelOnly(entry)) return []
  const blocks = blocksOf(entry)
  return [...toolResultEvents(entry, blocks, context), ...saidEvents(entry, blocks, context)]
}

/** What a compaction leaves to the model: nobody said it, it is what the model has in mind. */
function summaryEvents(entry: JsonObject, context: EntryContext): readonly SessionEvent[] {
  const content = textOf(entry, blocksOf(entry)).trim()
  return content === '' ? [] : [rowEvent(entry, { id: rowIdOf(entry, context), type: 'thinking', content })]
}

/** Notes to the model. */
function isForModelOnly(entry: JsonObject): boolean {
  return (
    entry.isMeta === true ||
    entry.isVisibleInTranscriptOnly === true ||
    objectAt(entry, 'origin').kind === 'task-notification'
  )
}

function saidEvents(entry: JsonObject, blocks: readonly JsonObject[], context: EntryContext): readonly SessionEvent[] {
  const images = imagesOf(blocks)
  const said = markedText(textOf(entry, blocks))
  if (said.kind === 'nothing' && blocks.some(({ type }) => type === 'image'))
    return promptEvents(entry, images.length > 0 ? '' : LOST_PICTURE, images, context)
  return said.kind === 'prompt' ? promptEvents(entry, said.text, images, context) : markEvents(entry, said, context)
}

function promptEvents(
  entry: JsonObject,
  content: string,
  images: ReturnType<typeof imagesOf>,
  context: EntryContext,
): readonly SessionEvent[] {
  return [rowEvent(entry, { id: rowIdOf(entry, context), type: 'user', content, images })]
}

function markEvents(entry: JsonObject, said: MarkedText, context: EntryContext): readonly SessionEvent[] {
  switch (said.kind) {
    case 'command':
      return commandRow(entry, said.text, context)
    case 'shell':
      return [rowEvent(entry, { id: rowIdOf(entry, context), type: 'shell', content: said.command })]
    case 'shell_output': {
      const command = textAt(entry, 'parentUuid')
      if (command === null) return []
      const { output: toolOutput, isError } = said
      return [{ type: 'message_changed', id: `${context.sessionId}:${command}`, toolOutput, isError }]
    }
    case 'answer':
      return answerEvents(entry, said.text, context)
    case 'interrupted':
      return context.live ? [{ type: 'turn_aborted', reason: 'interrupted', ...timeOf(entry) }] : []
    default:
      return []
  }
}

function timeOf(entry: JsonObject): { readonly at?: number } {
  const at = Date.parse(textAt(entry, 'timestamp') ?? '')
  return Number.isNaN(at) ? {} : { at }
}

function textOf(entry: JsonObject, blocks: readonly JsonObject[]): string {
  const { content } = objectAt(entry, 'message')
  if (typeof content === 'string') return content
  return blocks.flatMap((block) => (block.type === 'text' ? (textAt(block, 'text') ?? []) : [])).join('\n\n')
}
