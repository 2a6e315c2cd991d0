/** What an agent has written after the server was killed: of its transcript, the part that is not stored. */
import type { SessionEvent } from '../session/events.ts'
import type { ConversationMessage } from '../session/state.ts'

type Row = Pick<ConversationMessage, 'id' | 'type' | 'content' | 'toolOutput'>

/**
 * The events that complete the conversation. `told`: what the transcript tells behind the last prompt; `stored`: the rows
 * behind it, oldest first. Rows of text have other ids here and there, so they are known by their words, of which the end
 * may be missing.
 */
export function missedEvents(told: readonly SessionEvent[], stored: readonly Row[]): readonly SessionEvent[] {
  const left = new Map(stored.map((row) => [row.id, row]))
  return told.flatMap((event): readonly SessionEvent[] => {
    switch (event.type) {
      case 'message_reported':
        return missedRow(event, left)
      case 'message_changed':
        return left.get(event.id)?.toolOutput ? [] : [event]
      case 'tokens_reported':
      case 'cost_reported':
      case 'summary_found':
        return [event]
      default:
        return []
    }
  })
}

/** The events before the row of a prompt that was taken back; all of them where there is no such row. */
export function beforeRow(told: readonly SessionEvent[], id: string): readonly SessionEvent[] {
  const at = told.findIndex((event) => event.type === 'message_reported' && event.message.id === id)
  return at < 0 ? told : told.slice(0, at)
}

function missedRow(
  event: Extract<SessionEvent, { type: 'message_reported' }>,
  left: Map<string, Row>,
): readonly SessionEvent[] {
  const { id, type, content } = event.message
  if (left.has(id)) return []
  const known = [...left.values()].find(
    (row) => row.type === type && row.content !== '' && content.startsWith(row.content),
  )
  if (!known) return [event]
  left.delete(known.id)
  return known.content === content ? [] : [{ type: 'message_changed', id: known.id, content }]
}
