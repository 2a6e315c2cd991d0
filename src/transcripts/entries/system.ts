/** Notices of the CLI itself; of these only commands that the person typed belong in a conversation. */
import { textAt } from '../../lib/json.ts'
import { type EntryTranslation, rowEvent, rowIdOf } from '../entry.ts'
import { markedText } from './marked-text.ts'

export const systemEvents: EntryTranslation = (entry, context) => {
  if (entry.subtype !== 'local_command') return []
  const said = markedText(textAt(entry, 'content') ?? '')
  return said.kind === 'prompt' && said.text.startsWith('/')
    ? [rowEvent(entry, { id: rowIdOf(entry, context), type: 'user', content: said.text })]
    : []
}
