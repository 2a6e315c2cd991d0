/** The conversation of a subagent, from its own transcript. */
import { keepNewest } from '../lib/keep-newest.ts'
import type { SessionEvent } from '../session/events.ts'
import type { ConversationMessage } from '../session/state.ts'
import { EntryReader } from './entry-reader.ts'
import { SUBAGENT_MESSAGES_MAX, TRANSCRIPT_LINE_BYTES_MAX } from './limits.ts'
import { LineSplitter } from './line-splitter.ts'
import { linesToEnd, openTranscript } from './transcript-file.ts'

export interface SubagentConversation {
  /** The newest ones, oldest first. */
  readonly messages: readonly ConversationMessage[]
  readonly hasMoreBefore: boolean
}

/**
 * The newest rows of a subagent's conversation; none while there is no file. `path` as `allowedPath` returned it.
 * Rejects when the file cannot be read.
 */
export async function readSubagentMessages(path: string | null, sessionId: string): Promise<SubagentConversation> {
  const rows = new Rows()
  const file = path === null ? null : await openTranscript(path)
  if (file === null) return rows.conversation()
  try {
    const splitter = new LineSplitter(0, TRANSCRIPT_LINE_BYTES_MAX)
    const entries = new EntryReader({ sessionId, liveFrom: Number.POSITIVE_INFINITY, ofSubagent: true })
    for await (const { lines, atEnd } of linesToEnd(file, splitter)) rows.add(entries.read(lines, null, atEnd).events)
    rows.add(entries.release())
  } finally {
    await file.close()
  }
  return rows.conversation()
}

/** Rows by id, of which only the newest are kept. */
class Rows {
  readonly #rows = new Map<string, ConversationMessage>()
  #dropped = false

  add(events: readonly SessionEvent[]): void {
    for (const event of events) {
      if (event.type === 'message_reported') this.#put(event.message)
      if (event.type !== 'message_changed') continue
      const { type: _, ...changes } = event
      const known = this.#rows.get(event.id)
      if (known) this.#rows.set(event.id, { ...known, ...changes })
    }
  }

  conversation(): SubagentConversation {
    return { messages: [...this.#rows.values()], hasMoreBefore: this.#dropped }
  }

  #put(message: ConversationMessage): void {
    if (keepNewest(this.#rows, message.id, message, SUBAGENT_MESSAGES_MAX)) this.#dropped = true
  }
}
