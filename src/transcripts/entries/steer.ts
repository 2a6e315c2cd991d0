/** What a person typed while a turn was running. */
import { isJsonObject, listAt, objectAt, textAt } from '../../lib/json.ts'
import { type EntryTranslation, rowEvent, rowIdOf } from '../entry.ts'
import { imagesOf } from './images.ts'
import { markedText } from './marked-text.ts'

/** A prompt that waits for the next step of the turn joins it: it steers. */
export const steerEvents: EntryTranslation = (entry, context) => {
  const attachment = objectAt(entry, 'attachment')
  const mode = textAt(attachment, 'commandMode') ?? 'prompt'
  if (mode !== 'prompt') return []
  const blocks = listAt(attachment, 'prompt').filter(isJsonObject)
  const texts = blocks.flatMap((block) => (block.type === 'text' ? (textAt(block, 'text') ?? []) : []))
  const said = markedText(textAt(attachment, 'prompt') ?? texts.join('\n\n'))
  if (said.kind !== 'prompt') return []
  const uuid = textAt(attachment, 'source_uuid')
  const id = rowIdOf(uuid === null ? entry : { uuid }, context)
  return [rowEvent(entry, { id, type: 'steer', content: said.text, images: imagesOf(blocks) })]
}
