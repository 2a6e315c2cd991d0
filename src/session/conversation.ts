/** Rows of the conversation: where they go, and what they say about the session. */
import type { ImageInput, MessageChanges } from '../protocol/model/message.ts'
import { change, inTurn, keep, stay, tell, withNewest } from './change.ts'
import type { Step, StoreRow } from './effects.ts'
import { ECHO_ROWS_MAX, LIVE_IMAGES_CHARS_MAX, RECENT_ROWS_MAX } from './limits.ts'
import { lastMessageOf } from './naming.ts'
import type { ConversationMessage, EchoSource, SessionState, ToolCall } from './state.ts'
import { isoTime } from './times.ts'
import { withCallReplaced } from './tool-calls.ts'
import { wireMessage } from './view.ts'

/** The text of the row that stands where the context was compacted. */
export const COMPACTED = 'Context compacted.'

/** What is remembered of a compaction, so that a second report of it is recognised. */
export function compactedOnce({ compactCount }: SessionState, now: number): Partial<SessionState> {
  return { compactCount: compactCount + 1, compactedAt: now, awaitedCompaction: false }
}

export type MessagePatch = Extract<StoreRow, { patch: unknown }>['patch']

/** The id of a row that stands for something with an id of the agent. */
export function rowId({ id }: Pick<SessionState, 'id'>, nativeId: string): string {
  return `${id}:${nativeId}`
}

/** The agent's id in a row's id; null for rows of another origin. */
export function nativeId({ id }: Pick<SessionState, 'id'>, messageId: string): string | null {
  return messageId.startsWith(`${id}:`) ? messageId.slice(id.length + 1) : null
}

/** A row made here, with nothing but what is given. */
export function newRow(
  given: Pick<ConversationMessage, 'id' | 'type' | 'content'> & Partial<ConversationMessage>,
  now: number,
): ConversationMessage {
  return {
    toolName: null,
    toolInput: null,
    toolOutput: null,
    isError: false,
    timestamp: isoTime(now),
    durationMs: null,
    images: [],
    ...given,
  }
}

/** Adds a row at the end. */
export function append(state: SessionState, message: ConversationMessage): Step {
  const sequence = state.nextSequence
  return change(
    state,
    {
      nextSequence: sequence + 1,
      recentIds: withNewest(state.recentIds, message.id, RECENT_ROWS_MAX),
      ...lastSaid(message),
    },
    keep({ table: 'messages', put: message, sequence }),
    tell({
      type: 'message_appended',
      session_id: state.id,
      message: wireMessage(state.id, withoutHugeImages(message)),
    }),
  )
}

/** Adds a row at the end that is nobody's last word. */
export function appendAside(state: SessionState, message: ConversationMessage): Step {
  const { lastMessage, lastMessageId } = state
  const [next, effects] = append(state, message)
  return [{ ...next, lastMessage, lastMessageId }, effects]
}

/** Stores a row whose place is not known yet: nobody sees it, and nothing can lose it. Its place comes with `placed`. */
export function kept(state: SessionState, message: ConversationMessage): Step {
  const sequence = state.nextSequence
  return change({ ...state, nextSequence: sequence + 1 }, {}, keep({ table: 'messages', put: message, sequence }))
}

/** Stores the result of a row whose place is not known yet. */
export function keptResult(state: SessionState, patch: MessagePatch, now: number): Step {
  return stay(state, keep({ table: 'messages', patch, sequence: state.nextSequence, timestamp: isoTime(now) }))
}

/** Adds the row of a call that has waited for its place; `told` is what the transcript says of it. */
export function placed(state: SessionState, call: ToolCall, told?: ConversationMessage): Step {
  const { awaitedRow } = call
  if (!awaitedRow) return stay(state)
  const row = told ? { ...awaitedRow, timestamp: told.timestamp, images: told.images } : awaitedRow
  return append(withCallReplaced(state, call, { ...call, awaitedRow: null }), row)
}

/** Adds the rows of those calls that still wait for their places. */
export function placedAll(state: SessionState, calls: readonly ToolCall[]): Step {
  const waiting = calls.filter(({ awaitedRow }) => awaitedRow !== null)
  return inTurn(state, ...waiting.map((call) => (current: SessionState) => placed(current, call)))
}

/** Adds a row that another source may tell once more. */
export function appendEchoing(state: SessionState, kind: EchoSource['kind'], message: ConversationMessage): Step {
  const source = { kind, text: message.content, sequence: state.nextSequence }
  return append({ ...state, echoSources: withNewest(state.echoSources, source, ECHO_ROWS_MAX) }, message)
}

/** The state in which the row that `text` repeats, at most `ECHO_ROWS_MAX` rows ago, has had its echo; undefined for news. */
export function echoed(state: SessionState, kind: EchoSource['kind'], text: string): SessionState | undefined {
  const { echoSources, nextSequence } = state
  const source = echoSources.find(
    (row) => row.kind === kind && row.text === text && nextSequence - row.sequence <= ECHO_ROWS_MAX,
  )
  return source && { ...state, echoSources: echoSources.filter((row) => row !== source) }
}

/** Adds the failure of a turn as a row that everybody sees, unless its transcript has told of it already. */
export function appendFailure(state: SessionState, text: string, now: number): Step {
  const told = echoed(state, 'error', text)
  if (told) return stay(told)
  const id = rowId(state, `error:${state.nextSequence}`)
  return appendEchoing(state, 'failure', newRow({ id, type: 'assistant', content: text, isError: true }, now))
}

/** Leaves it to the transcript to show the failure of a turn in its place, unless it has done so already. */
export function awaitFailure(state: SessionState, text: string, now: number): Step {
  const told = echoed(state, 'error', text)
  return told
    ? stay(told)
    : inTurn(
        state,
        (current) => failureDue(current, now),
        (current) => change(current, { awaitedFailure: text }),
      )
}

/** Shows the failure that waits for the transcript, if any. */
export function failureDue(state: SessionState, now: number): Step {
  const { awaitedFailure } = state
  return awaitedFailure === null ? stay(state) : appendFailure({ ...state, awaitedFailure: null }, awaitedFailure, now)
}

/** Changes the given fields of a row; the store makes a row of them when there is none. */
export function update(state: SessionState, patch: MessagePatch, now: number): Step {
  const { id, content } = patch
  const changes: MessageChanges = {
    ...(content === undefined ? {} : { content }),
    ...(patch.toolOutput === undefined ? {} : { tool_output: patch.toolOutput }),
    ...(patch.isError === undefined ? {} : { is_error: patch.isError }),
    ...(patch.durationMs === undefined ? {} : { duration_ms: patch.durationMs }),
    ...(patch.images === undefined ? {} : { images: patch.images.filter(fitsIn(LIVE_IMAGES_CHARS_MAX)) }),
  }
  const sequence = state.nextSequence
  const next: Partial<SessionState> = {
    ...(state.recentIds.includes(id)
      ? {}
      : { nextSequence: sequence + 1, recentIds: withNewest(state.recentIds, id, RECENT_ROWS_MAX) }),
    ...(content !== undefined && id === state.lastMessageId ? { lastMessage: lastMessageOf(content) } : {}),
  }
  return change(
    state,
    next,
    keep({ table: 'messages', patch, sequence, timestamp: isoTime(now) }),
    tell({ type: 'message_updated', session_id: state.id, message_id: id, changes }),
  )
}

/** Shows a text as the last one said; the row it belongs to is not known. */
export function said(state: SessionState, text: string | null): Step {
  const lastMessage = text === null ? null : lastMessageOf(text)
  return lastMessage === null ? stay(state) : change(state, { lastMessage, lastMessageId: null })
}

function lastSaid({ id, type, content }: ConversationMessage): Partial<SessionState> {
  const lastMessage = type === 'user' || type === 'assistant' ? lastMessageOf(content) : null
  return lastMessage === null ? {} : { lastMessage, lastMessageId: id }
}

/** A picture that is cut is none, so one that has no room in a frame is left out of it; the store has all of them. */
function withoutHugeImages(message: ConversationMessage): ConversationMessage {
  const images = message.images.filter(fitsIn(LIVE_IMAGES_CHARS_MAX))
  return images.length === message.images.length ? message : { ...message, images }
}

/** Whether a picture fits beside those before it. */
function fitsIn(chars: number): (image: ImageInput) => boolean {
  let room = chars
  return ({ value }) => {
    room -= value.length
    return room >= 0
  }
}
