/** What the CLI puts into the conversation by the way; only a prompt that was typed meanwhile belongs to it. */
import { isJsonObject, listAt, objectAt, textAt } from '../../lib/json.ts'
import { type EntryTranslation, rowEvent, rowIdOf } from '../entry.ts'
import { imagesOf } from './images.ts'
import { markedText } from './marked-text.ts'

/** A prompt typed while a turn was running joins that turn: it steers. */
export const attachmentEvents: EntryTranslation = (entry, context) => {
  const attachment = objectAt(entry, 'attachment')
  const mode = textAt(attachment, 'commandMode') ?? 'prompt'
  if (attachment.type !== 'queued_command' || mode !== 'prompt') return []
  const blocks = listAt(attachment, 'prompt').filter(isJsonObject)
  const texts = blocks.flatMap((block) => (block.type === 'text' ? (textAt(block, 'text') ?? []) : []))
  const said = markedText(textAt(attachment, 'prompt') ?? texts.join('\n\n'))
  if (said.kind !== 'prompt') return []
  const uuid = textAt(attachment, 'source_uuid')
  const id = rowIdOf(uuid === null ? entry : { uuid }, context)
  return [rowEvent(entry, { id, type: 'steer', content: said.text, images: imagesOf(blocks) })]
}
