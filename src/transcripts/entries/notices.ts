/** What the CLI tells its user: rows, because it explains what the conversation does not. */
import { stripVTControlCharacters } from 'node:util'
import { type JsonObject, objectAt, textAt } from '../../lib/json.ts'
import { TEXT_CHARS_MAX } from '../../lib/limits.ts'
import { shorten } from '../../lib/shorten.ts'
import type { SessionEvent } from '../../session/events.ts'
import { asideEvent, type EntryContext, type EntryTranslation, rowIdOf } from '../entry.ts'

/** Levels of notices that only accompany what everybody sees anyway. */
const QUIET_LEVELS: readonly unknown[] = ['info', 'suggestion']

/** A notice of the type `system`: a prompt that a hook refused, another model that answers. */
export const noticeEvents: EntryTranslation = (entry, context) =>
  entry.isMeta === true || QUIET_LEVELS.includes(entry.level) ? [] : noticeRow(entry, textAt(entry, 'content'), context)

/** A hook that did not let the turn end, or go on. */
export const hookVerdictEvents: EntryTranslation = (entry, context) => {
  const attachment = objectAt(entry, 'attachment')
  const told = textAt(attachment, 'message') ?? textAt(objectAt(attachment, 'blockingError'), 'blockingError')
  const name = textAt(attachment, 'hookName') ?? textAt(attachment, 'hookEvent')
  return noticeRow(entry, told && `${name ?? 'A'} hook: ${told}`, context)
}

/** What a hook says to the user. */
export const hookMessageEvents: EntryTranslation = (entry, context) =>
  noticeRow(entry, textAt(objectAt(entry, 'attachment'), 'content'), context)

/** The turn was longer than its user allowed. */
export const turnLimitEvents: EntryTranslation = (entry, context) => {
  const { maxTurns } = objectAt(entry, 'attachment')
  return noticeRow(entry, `Stopped after ${maxTurns} steps, as many as were allowed.`, context)
}

/** A row with a text of the CLI, without the colours of a terminal. */
export function noticeRow(entry: JsonObject, text: string | null, context: EntryContext): readonly SessionEvent[] {
  const content = shorten(stripVTControlCharacters(text ?? '').trim(), TEXT_CHARS_MAX)
  return content === '' ? [] : [asideEvent(entry, { id: rowIdOf(entry, context), type: 'assistant', content })]
}
