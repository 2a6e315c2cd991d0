/** What the agent waits on, and what it no longer waits on. */
import { PENDING_APPROVALS_MAX } from '../../lib/limits.ts'
import { enqueue, isOver, letGo, replace, withdraw } from '../approval-queue.ts'
import { sameJson } from '../canonical-json.ts'
import { ask, change, inTurn, stay } from '../change.ts'
import type { Step } from '../effects.ts'
import { isPlanOfSteps } from '../plan.ts'
import type { EventOf, EventRules } from '../rules.ts'
import type { PendingApproval, SessionState, ToolCall } from '../state.ts'
import { callOfRequest, callWithId } from '../tool-calls.ts'
import { atWork } from '../turn.ts'
import { turnEvents } from './turns.ts'

type Requested = EventOf<'approval_requested'>

export const approvalEvents = {
  approval_requested(state, event, now) {
    const { eventId } = event
    const known = knownByIds(state, event)
    if (known) return askedAgain(state, known, event)
    const call = callOf(state, event)
    if (isAnswered(state, eventId)) return stay(state)
    if (call?.finished || (eventId !== null && isOver(state, 'eventId', eventId))) return letGo(state, eventId)
    const same = state.approvals.find((approval) => isSame(approval, event, call))
    if (same) return askedAgain(state, same, event)
    if (state.approvals.length >= PENDING_APPROVALS_MAX) return letGo(state, eventId)
    return inTurn(
      waiting(state, event, now),
      (current) => enqueue(current, pendingOf(current, event, call, now)),
      (current) => planned(current, event.plan),
    )
  },
  approval_withdrawn(state, { requestId, eventId }, now) {
    const isMeant = (approval: PendingApproval) =>
      (requestId !== null && approval.requestId === requestId) || (eventId !== null && approval.eventId === eventId)
    return withdraw(state, isMeant, 'withdrawn', now)
  },
  attention_noted(state, { reason }, now) {
    if (state.approvals.length > 0) return stay(state)
    if (reason !== 'reply') return change(state, { attention: reason })
    return turnEvents.turn_completed(state, { type: 'turn_completed', lastMessage: null, background: false }, now)
  },
} satisfies Partial<EventRules>

/** The call that the request names, else the one that fits best. */
function callOf(state: SessionState, event: Requested): ToolCall | undefined {
  return event.toolUseId ? callWithId(state, event.toolUseId) : callOfRequest(state, event)
}

/** A plan that is a list of steps is shown as such; any other is the text of the question. */
function planned(state: SessionState, plan: string | null): Step {
  return plan !== null && isPlanOfSteps(plan) ? change(state, { currentPlan: plan }) : stay(state)
}

/** The agent is in the middle of a turn, and says itself what it waits for. */
function waiting(state: SessionState, { agentId, toolName }: Requested, now: number): SessionState {
  const busy = { ...state, attention: null, asking: null }
  if (agentId !== null) return busy
  return { ...atWork(busy), ...(toolName === null ? {} : { lastTool: toolName, lastToolAt: now }) }
}

function knownByIds({ approvals }: SessionState, { requestId, eventId }: Requested): PendingApproval | undefined {
  if (requestId) return approvals.find((approval) => approval.requestId === requestId)
  return eventId === null ? undefined : approvals.find((approval) => approval.eventId === eventId)
}

/** Its answer is on its way to the hook, whichever post of it asks. */
function isAnswered({ answered }: SessionState, eventId: string | null): boolean {
  return eventId !== null && answered.some((approval) => approval.eventId === eventId)
}

/** The same request once more, where the agent gives it no id: about the same call, or the same by what it asks. */
function isSame(approval: PendingApproval, event: Requested, call: ToolCall | undefined): boolean {
  if (event.requestId) return false
  if (approval.toolUseId !== null && call) return approval.toolUseId === call.toolUseId
  return approval.eventId === null && asksTheSame(approval, event)
}

function asksTheSame(approval: PendingApproval, { toolName, toolInput, agentId }: Requested): boolean {
  if (approval.toolName !== toolName || approval.agentId !== agentId) return false
  if (approval.toolInput === null || toolInput === null) return approval.toolInput === toolInput
  return sameJson(approval.toolInput, toolInput)
}

/** Only the way to the one who asks can be new: another hook waits now, or one waits that did not. */
function askedAgain(state: SessionState, pending: PendingApproval, { eventId, answerable }: Requested): Step {
  const next = { ...pending, eventId: eventId ?? pending.eventId, answerable: answerable || pending.answerable }
  const isNews = next.eventId !== pending.eventId || next.answerable !== pending.answerable
  const older = pending.eventId
  if (!isNews) return stay(state)
  const [replaced, effects] = replace(state, pending, next)
  return older === null || older === next.eventId
    ? [replaced, effects]
    : [replaced, [...effects, ask({ do: 'release', eventId: older })]]
}

function pendingOf(state: SessionState, event: Requested, call: ToolCall | undefined, now: number): PendingApproval {
  return {
    requestId: requestIdOf(state, event, call),
    kind: event.kind,
    toolName: event.toolName,
    toolInput: event.toolInput,
    command: event.command,
    filePath: event.filePath,
    diff: event.diff,
    question: event.question ?? event.plan,
    proposedAmendment: event.proposedAmendment,
    suggestions: event.suggestions,
    toolUseId: event.toolUseId ?? call?.toolUseId ?? null,
    agentId: event.agentId,
    eventId: event.eventId,
    answerable: event.answerable,
    requestedAt: now,
  }
}

/** The agent's own id, else that of the tool call, else that of the event; unique among all that clients may still hold. */
function requestIdOf(state: SessionState, event: Requested, call: ToolCall | undefined): string {
  if (event.requestId) return event.requestId
  const version = state.approvalVersion + 1
  const id = call?.toolUseId ?? event.eventId ?? `approval-${version}`
  const isTaken = state.approvals.some(({ requestId }) => requestId === id) || isOver(state, 'requestId', id)
  return isTaken ? `${id}:${version}` : id
}
