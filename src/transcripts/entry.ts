/** One line of a transcript, and what a translation has to know besides. */
import { type JsonObject, textAt } from '../lib/json.ts'
import type { MessageType } from '../protocol/model/message.ts'
import type { SessionEvent } from '../session/events.ts'
import type { ConversationMessage } from '../session/state.ts'

export interface EntryContext {
  readonly sessionId: string
  /** Byte at which the line begins. */
  readonly offset: number
  /**
   * Whether the line was written while somebody watched. Only such a line moves the status of its session; the lines
   * of the past bring rows, counters and names.
   */
  readonly live: boolean
  /** The model as far as it is known; what follows `[` in it names the size of its window. */
  readonly model: string | null
  /** When a tool call began, as its line says. */
  readonly startOf: (toolUseId: string) => string | undefined
}

/** What an entry means to its session. */
export type EntryTranslation = (entry: JsonObject, context: EntryContext) => readonly SessionEvent[]

/** Wire form of a time that a line does not tell. */
export const NO_TIME = '0'

/** The id of the row of an entry: its own, or its place in the file. Further blocks of one entry carry their index. */
export function rowIdOf(entry: JsonObject, { sessionId, offset }: EntryContext, block = 0): string {
  const id = textAt(entry, 'uuid') ?? `transcript:${offset}`
  return block === 0 ? `${sessionId}:${id}` : `${sessionId}:${id}:${block}`
}

/** The id of the row of a tool call, the same as its hooks give it. */
export function toolRowId({ sessionId }: EntryContext, toolUseId: string): string {
  return `${sessionId}:${toolUseId}`
}

type GivenRow = {
  readonly id: string
  readonly type: MessageType
  readonly content: string
} & Partial<ConversationMessage>

/** A row that the person and the CLI have between them: it names nothing, and is nobody's last word. */
export function asideEvent(entry: JsonObject, given: GivenRow): SessionEvent {
  return { ...rowEvent(entry, given), aside: true }
}

/** A row of the conversation. */
export function rowEvent(entry: JsonObject, given: GivenRow): Extract<SessionEvent, { type: 'message_reported' }> {
  const message: ConversationMessage = {
    toolName: null,
    toolInput: null,
    toolOutput: null,
    isError: false,
    timestamp: textAt(entry, 'timestamp') ?? NO_TIME,
    durationMs: null,
    images: [],
    ...given,
  }
  return { type: 'message_reported', message }
}
