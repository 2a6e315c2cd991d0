/** Rows of the conversation that the agent or its transcript reports. */
import { withdraw } from '../approval-queue.ts'
import { inTurn, stay } from '../change.ts'
import {
  append,
  appendAside,
  appendEchoing,
  COMPACTED,
  compactedOnce,
  echoed,
  type MessagePatch,
  nativeId,
  placed,
  rowId,
  update,
} from '../conversation.ts'
import type { Step } from '../effects.ts'
import { titleOf } from '../naming.ts'
import type { EventOf, EventRules } from '../rules.ts'
import type { ConversationMessage, SessionState, ToolCall } from '../state.ts'
import { unixMilliseconds } from '../times.ts'
import { callWithId, countWith, finished, withCall, withCallReplaced } from '../tool-calls.ts'

type Changed = EventOf<'message_changed'>

export const messageEvents = {
  message_reported(state, { message: reported, aside }, now) {
    const message = reported.id === '' ? { ...reported, id: rowId(state, `row:${state.nextSequence}`) } : reported
    const call = callOfRow(state, message.id)
    if (call?.awaitedRow) return foundPlace(state, call, message, now)
    if (call) return joined(state, call, message, now)
    if (state.recentIds.includes(message.id)) return stay(state)
    const known = echoOf(state, message)
    if (known) return stay(known)
    const seen = { ...state, ...seenAt(state, message, now) }
    if (aside) return appendAside(seen, message)
    return inTurn(
      { ...seen, ...named(state, message), ...(isCompaction(message) ? compactedOnce(state, now) : {}) },
      (current) => (isError(message) ? failure(current, message) : append(current, message)),
      (current) => (message.type === 'tool' ? stay(withToolRow(current, message, now)) : stay(current)),
    )
  },
  message_changed(state, told, now) {
    const event = withDuration(state, told)
    const call = callOfRow(state, event.id)
    if (!call) return updated(state, event, now)
    if (call.awaitedRow) return placedAndChanged(state, call, event, now)
    const isResult = event.isError !== undefined || event.durationMs !== undefined
    if (call.resultKnown)
      return event.images ? updated(state, { id: event.id, images: event.images }, now) : stay(state)
    return isResult ? resultOf(state, call, event, now) : updated(state, event, now)
  },
} satisfies Partial<EventRules>

function withDuration({ observed }: SessionState, event: Changed): Changed {
  const { elapsedMs } = event
  return observed === null || elapsedMs === undefined ? event : { ...event, durationMs: elapsedMs }
}

function callOfRow(state: SessionState, messageId: string): ToolCall | undefined {
  const toolUseId = nativeId(state, messageId)
  return toolUseId === null ? undefined : callWithId(state, toolUseId)
}

/** The transcript tells of a result before it told of the call: the row waits no longer. */
function placedAndChanged(state: SessionState, call: ToolCall, event: Changed, now: number): Step {
  return inTurn(
    state,
    (current) => placed(current, call),
    (current) => messageEvents.message_changed(current, event, now),
  )
}

/** A row that hooks made already, and that waited for its place. */
function foundPlace(state: SessionState, call: ToolCall, message: ConversationMessage, now: number): Step {
  return inTurn(
    state,
    (current) => placed(current, call, message),
    (current) => {
      const shown = callOfRow(current, message.id)
      return shown ? joined(current, shown, message, now) : stay(current)
    },
  )
}

/** A row that hooks made already: all that the transcript can add is the result. */
function joined(state: SessionState, call: ToolCall, message: ConversationMessage, now: number): Step {
  const { id, toolOutput, isError, durationMs } = message
  if (toolOutput === null || call.resultKnown) return stay(state)
  return resultOf(state, call, { id, toolOutput, isError, ...(durationMs === null ? {} : { durationMs }) }, now)
}

/** The call is over, and whoever was asked about it has answered. */
function resultOf(state: SessionState, call: ToolCall, patch: MessagePatch, now: number): Step {
  return inTurn(
    withCallReplaced(state, call, finished(call, true)),
    (current) => withdraw(current, ({ toolUseId }) => toolUseId === call.toolUseId, 'answered_in_terminal', now),
    (current) => updated(current, patch, now),
  )
}

function updated(state: SessionState, change: Changed | MessagePatch, now: number): Step {
  const { id, content, toolOutput, isError, durationMs, images } = change
  const patch = {
    id,
    ...(content === undefined ? {} : { content }),
    ...(toolOutput === undefined ? {} : { toolOutput }),
    ...(isError === undefined ? {} : { isError }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(images === undefined ? {} : { images }),
  }
  return Object.keys(patch).length > 1 ? update(state, patch, now) : stay(state)
}

/** The state in which a row that is there already, as a prompt or a failure, has been told again; undefined for news. */
function echoOf(state: SessionState, message: ConversationMessage): SessionState | undefined {
  const { type, content } = message
  if (type === 'user' || type === 'steer') return echoed(state, 'prompt', content)
  if (isCompaction(message)) return echoed(state, 'compaction', content)
  return isError(message) ? echoed(state, 'failure', content) : undefined
}

/** The failure of a turn, in its place; a hook may have told of it, or may yet. */
function failure(state: SessionState, message: ConversationMessage): Step {
  if (state.awaitedFailure === message.content) return append({ ...state, awaitedFailure: null }, message)
  return appendEchoing(state, 'error', message)
}

/** The row of a compaction of the past. */
function isCompaction({ type, content }: ConversationMessage): boolean {
  return type === 'assistant' && content === COMPACTED
}

function isError({ type, isError: failed }: ConversationMessage): boolean {
  return type === 'assistant' && failed
}

function named({ firstPrompt }: SessionState, { type, content }: ConversationMessage): Partial<SessionState> {
  return firstPrompt === null && type === 'user' ? { firstPrompt: titleOf(content) } : {}
}

/** Transcripts tell when a row was written, which may be long ago. */
function seenAt(
  { phase, lastActivityAt }: SessionState,
  { timestamp }: ConversationMessage,
  now: number,
): Partial<SessionState> {
  if (phase.name === 'ended') return {}
  return { lastActivityAt: Math.max(lastActivityAt ?? 0, Math.min(now, unixMilliseconds(timestamp) ?? now)) }
}

/** Remembers the call of a row, so that its hooks find it. */
function withToolRow(state: SessionState, message: ConversationMessage, now: number): SessionState {
  const { id, toolName, toolInput: input, toolOutput } = message
  const toolUseId = nativeId(state, id)
  const open = {
    toolUseId,
    name: toolName ?? '',
    input,
    agentId: null,
    finished: false,
    resultKnown: false,
    awaitedRow: null,
    startedAt: now,
  }
  const call = toolOutput === null ? open : finished(open, true)
  return { ...withCall(state, call), toolCount: countWith(state, toolUseId) }
}
