/** Commands that the CLI carries out by itself, such as `/model`, and what it answers. */
import { type JsonObject, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { asideEvent, type EntryContext, type EntryTranslation, rowIdOf } from '../entry.ts'
import { markedText } from './marked-text.ts'
import { noticeRow } from './notices.ts'

/** Words with which the CLI says goodbye. */
const FAREWELLS: readonly string[] = ['Goodbye!', 'See ya!', 'Bye!', 'Catch you later!']
/** What it says to a compaction, which has a row of its own. */
const COMPACTED = /^Compacted\b/

export const commandEvents: EntryTranslation = (entry, context) => {
  const said = markedText(textAt(entry, 'content') ?? '')
  if (said.kind === 'answer') return answerEvents(entry, said.text, context)
  const isCommand = said.kind === 'command' || (said.kind === 'prompt' && said.text.startsWith('/'))
  return isCommand ? commandRow(entry, said.text, context) : []
}

/** A command as it was typed. */
export function commandRow(entry: JsonObject, text: string, context: EntryContext): readonly SessionEvent[] {
  return [asideEvent(entry, { id: rowIdOf(entry, context), type: 'user', content: text })]
}

/** The answer to a command, as far as it is worth a row. */
export function answerEvents(entry: JsonObject, text: string, context: EntryContext): readonly SessionEvent[] {
  return FAREWELLS.includes(text) || COMPACTED.test(text) ? [] : noticeRow(entry, text, context)
}
