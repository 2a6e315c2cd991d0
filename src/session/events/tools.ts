/** Tool calls, as they begin and end. */
import { isJsonObject, listAt, parseJson, textAt } from '../../lib/json.ts'
import { withdraw } from '../approval-queue.ts'
import { sameJson } from '../canonical-json.ts'
import { inTurn, stay } from '../change.ts'
import {
  append,
  failureDue,
  kept,
  keptResult,
  type MessagePatch,
  newRow,
  placedAll,
  rowId,
  update,
} from '../conversation.ts'
import type { Step } from '../effects.ts'
import type { EventOf, EventRules } from '../rules.ts'
import type { PendingApproval, SessionState, Subagent, ToolCall } from '../state.ts'
import { isForeground, withAllStopped, withCallOf } from '../subagents.ts'
import {
  callWithId,
  countWith,
  finished,
  isOfOpenTurn,
  openCallNamed,
  withCall,
  withCallReplaced,
} from '../tool-calls.ts'
import { atWork } from '../turn.ts'
import { contextEvents } from './context.ts'

type Started = EventOf<'tool_started'>
type Finished = EventOf<'tool_finished'>

const QUESTION_TOOL = 'AskUserQuestion'

export const toolEvents = {
  tool_started(state, event, now) {
    const { toolUseId, name, input, agentId } = event
    const known = toolUseId === null ? undefined : callWithId(state, toolUseId)
    if (known?.finished || (!known && isOfLongAgo(state, event))) return stay(state)
    const busy = agentId === null ? { ...atWork(state), ...onlyTool(event), lastTool: name, lastToolAt: now } : state
    if (known) return stay(busy)
    const row = hasRow(event) ? rowOf(state, event, now) : null
    const awaitedRow = event.transcribed ? row : null
    const call = { toolUseId, name, input, agentId, finished: false, resultKnown: false, awaitedRow, startedAt: now }
    const counted = withCallOf({ ...withCall(busy, call), toolCount: countWith(busy, toolUseId) }, agentId, name)
    if (awaitedRow) return kept(counted, awaitedRow)
    return row ? append(counted, row) : stay(counted)
  },
  rows_due: (state, _event, now) =>
    inTurn(
      state,
      (current) => placedAll(current, [...current.previousTools, ...current.tools]),
      (current) => failureDue(current, now),
      (current) =>
        current.awaitedCompaction
          ? contextEvents.context_compacted(current, { type: 'context_compacted' }, now)
          : stay(current),
    ),
  tool_finished(state, event, now) {
    const call = callOfResult(state, event)
    const busy = event.agentId === null && goesOn(state, call, event) ? { ...atWork(state), attention: null } : state
    return inTurn(
      withoutAsking(busy, event),
      (current) => withdraw(current, (approval) => isFor(approval, event, call), 'answered_in_terminal', now),
      (current) => (call ? concluded(current, call, event, now) : unannounced(current, event, now)),
      (current) => stay(withLaunchOver(current, event, now)),
    )
  },
  tools_settled(state, { toolUseIds }, now) {
    const settled = new Set(toolUseIds)
    const isSettled = (id: string | null) => id !== null && settled.has(id)
    const close = (call: ToolCall) => (isSettled(call.toolUseId) && !call.finished ? finished(call, false) : call)
    const closed = {
      ...state,
      attention: null,
      asking: state.asking && isSettled(state.asking.toolUseId) ? null : state.asking,
      tools: state.tools.map(close),
    }
    return withdraw(closed, ({ toolUseId }) => isSettled(toolUseId), 'answered_in_terminal', now)
  },
} satisfies Partial<EventRules>

/** A call on the main thread says that the agent has moved on, unless it is itself a question. */
function onlyTool({ toolUseId, name, input }: Started): Pick<SessionState, 'attention' | 'asking'> {
  return { attention: null, asking: name === QUESTION_TOOL ? { toolUseId, question: questionIn(input) } : null }
}

/** The text of a question: some versions put it alone, others in a list. */
function questionIn(input: string | null): string | null {
  const given = input === null ? undefined : parseJson(input)
  if (!isJsonObject(given)) return null
  const [first] = listAt(given, 'questions')
  return textAt(given, 'question') ?? (isJsonObject(first) ? textAt(first, 'question') : null)
}

/** Calls of subagents belong to their own transcripts; a call without an id cannot be found again. */
function hasRow(event: Started | Finished): event is (Started | Finished) & { toolUseId: string } {
  return event.toolUseId !== null && event.agentId === null
}

function rowOf(state: SessionState, event: (Started | Finished) & { toolUseId: string }, now: number) {
  const { toolUseId, name: toolName, input: toolInput } = event
  return newRow({ id: rowId(state, toolUseId), type: 'tool', content: '', toolName, toolInput }, now)
}

function callOfResult(state: SessionState, { toolUseId, name, agentId }: Finished): ToolCall | undefined {
  return toolUseId === null ? openCallNamed(state, name, agentId) : callWithId(state, toolUseId)
}

/** A result that is news shows an agent at work; one of a turn that is over, or a second one, does not. */
function goesOn(state: SessionState, call: ToolCall | undefined, event: Finished): boolean {
  return call ? !call.finished && isOfOpenTurn(state, call) : !isOfLongAgo(state, event)
}

/** Whether there is a row of a call that is no longer remembered. */
function isOfLongAgo(state: SessionState, { toolUseId }: Started | Finished): boolean {
  return toolUseId !== null && state.recentIds.includes(rowId(state, toolUseId))
}

function withoutAsking(state: SessionState, { toolUseId, name }: Finished): SessionState {
  const { asking } = state
  if (!asking || name !== QUESTION_TOOL) return state
  const isIt = asking.toolUseId === null || toolUseId === null || asking.toolUseId === toolUseId
  return isIt ? { ...state, asking: null } : state
}

/** Whether a request was for this call; one whose call was never announced is told by what it asks. */
function isFor(approval: PendingApproval, event: Finished, call: ToolCall | undefined): boolean {
  const toolUseId = call?.toolUseId ?? event.toolUseId
  if (approval.toolUseId !== null && toolUseId !== null) return approval.toolUseId === toolUseId
  if (approval.toolName !== event.name || approval.agentId !== event.agentId) return false
  if (approval.toolInput === null || event.input === null) return true
  return sameJson(asked(event.name, approval.toolInput), asked(event.name, event.input))
}

/** What is asked in an input; the answers to a question are put into it later. */
function asked(name: string, input: string): string {
  const given = name === QUESTION_TOOL ? parseJson(input) : undefined
  return isJsonObject(given) && given.questions !== undefined ? JSON.stringify(given.questions) : input
}

/** The result joins its row; a second report of it says nothing new. */
function concluded(state: SessionState, call: ToolCall, event: Finished, now: number): Step {
  if (call.resultKnown) return stay(state)
  const closed = withCallReplaced(state, call, finished(call, true))
  if (call.toolUseId === null || call.agentId !== null) return stay(closed)
  if (call.awaitedRow) {
    const { output: toolOutput, isError, durationMs } = event
    const awaitedRow = { ...call.awaitedRow, toolOutput, isError, durationMs }
    return keptResult(
      withCallReplaced(state, call, { ...finished(call, true), awaitedRow }),
      resultOf(state, call.toolUseId, event),
      now,
    )
  }
  return update(closed, resultOf(state, call.toolUseId, event), now)
}

/** The call that started a subagent has its result, so the subagent is over, unless it went to the background. */
function withLaunchOver(state: SessionState, { toolUseId, isError, interrupted }: Finished, now: number): SessionState {
  const outcome = interrupted ? 'stopped' : isError ? 'failed' : 'completed'
  const isStarted = (subagent: Subagent) => subagent.toolUseId === toolUseId && isForeground(subagent)
  return toolUseId === null ? state : withAllStopped(state, isStarted, outcome, now)
}

function resultOf(state: SessionState, toolUseId: string, { output, isError, durationMs }: Finished): MessagePatch {
  return {
    id: rowId(state, toolUseId),
    isError,
    ...(output === null ? {} : { toolOutput: output }),
    ...(durationMs === null ? {} : { durationMs }),
  }
}

/** A result whose call was never announced brings its whole row. */
function unannounced(state: SessionState, event: Finished, now: number): Step {
  const { toolUseId, name, input, output, isError, durationMs, agentId } = event
  if (toolUseId !== null && isOfLongAgo(state, event)) return update(state, resultOf(state, toolUseId, event), now)
  const call = {
    toolUseId,
    name,
    input,
    agentId,
    finished: false,
    resultKnown: false,
    awaitedRow: null,
    startedAt: now,
  }
  const called = { ...withCall(state, finished(call, true)), toolCount: countWith(state, toolUseId) }
  const counted = withCallOf(called, agentId, name)
  if (!hasRow(event)) return stay(counted)
  return append(counted, { ...rowOf(state, event, now), toolOutput: output, isError, durationMs })
}
