/** What nobody here has heard of is shown as far as it can be read; the rest stays in the file. */
import { objectAt, textAt } from '../../lib/json.ts'
import type { EntryTranslation } from '../entry.ts'
import { assistantEvents } from './assistant.ts'
import { noticeRow } from './notices.ts'
import { userEvents } from './user.ts'

/** Whatever its type, an entry with a message is what its role says, and a notice with a text is for people. */
export const unknownEvents: EntryTranslation = (entry, context) => {
  const role = textAt(objectAt(entry, 'message'), 'role')
  if (role === 'user') return userEvents(entry, context)
  if (role === 'assistant') return assistantEvents(entry, context)
  const isNotice = entry.type === 'system' && entry.isMeta !== true
  return isNotice ? noticeRow(entry, textAt(entry, 'content'), context) : []
}
