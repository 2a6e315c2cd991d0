/** What clients answer to an agent that waits. */
import { isOfMainThread, isOver, settle, withdraw } from '../approval-queue.ts'
import { inTurn, keep, refuse, stay } from '../change.ts'
import type { Step } from '../effects.ts'
import type { CommandRules, MessageOf } from '../rules.ts'
import type { Decision, PendingApproval, SessionState } from '../state.ts'
import { atWork, endTurn } from '../turn.ts'

/** Only these words approve. */
const APPROVALS: readonly Decision['verdict'][] = ['approved', 'approved_for_session', 'approved_always']

export const approvalCommands = {
  approve_tool: (state, message, now) =>
    answer(state, message.request_id, (approval) => decide(state, approval, decisionOf(message), now)),
  answer_question: (state, { request_id, answer: text }, now) =>
    answer(state, request_id, (approval) =>
      decide(
        state,
        approval,
        { verdict: 'answered', message: null, interrupt: false, updatedInput: null, answer: text },
        now,
      ),
    ),
  delete_approval: (state, { approval_id }) =>
    stay(state, keep({ table: 'approvals', remove: approval_id }), {
      to: 'sender',
      frame: { type: 'approval_deleted', approval_id },
    }),
} satisfies Partial<CommandRules>

/** A request is answered once, and only where an answer can reach the one who asks. */
function answer(state: SessionState, requestId: string, then: (approval: PendingApproval) => Step): Step {
  const approval = state.approvals.find((pending) => pending.requestId === requestId)
  if (!approval)
    return isOver(state, 'requestId', requestId) ? refuse(state, 'approval_gone') : unknown(state, requestId)
  return approval.answerable ? then(approval) : refuse(state, 'answer_in_terminal')
}

function unknown(state: SessionState, requestId: string): Step {
  return refuse(state, 'not_found', `No approval ${requestId} is pending in this session.`)
}

function decisionOf(message: MessageOf<'approve_tool'>): Decision {
  const word = message.decision.trim().toLowerCase()
  const verdict = APPROVALS.find((known) => known === word) ?? (word === 'abort' ? 'abort' : 'denied')
  return {
    verdict,
    message: message.message ?? null,
    interrupt: goesOn(verdict) ? false : (message.interrupt ?? verdict === 'abort'),
    updatedInput: message.updated_input === undefined ? null : JSON.stringify(message.updated_input),
    answer: null,
  }
}

function goesOn(verdict: Decision['verdict']): boolean {
  return verdict === 'answered' || APPROVALS.includes(verdict)
}

/** A refusal that interrupts ends the turn, and with it whatever else the main thread asked. */
function decide(state: SessionState, approval: PendingApproval, decision: Decision, now: number): Step {
  const settled = (current: SessionState) => settle({ ...current, attention: null }, approval, decision, now)
  if (!decision.interrupt)
    return inTurn(state, settled, (current) => stay(approval.agentId === null ? atWork(current) : current))
  return inTurn(
    state,
    settled,
    (current) => withdraw(current, isOfMainThread, 'withdrawn', now),
    (current) => endTurn(current, now),
  )
}
