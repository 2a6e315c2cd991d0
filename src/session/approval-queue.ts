/** What a session waits on: an ordered queue of requests, each answered once. */
import { ANSWERED_APPROVALS_MAX } from '../lib/limits.ts'
import { ask, change, keep, stay, withNewest } from './change.ts'
import type { Effect, Step } from './effects.ts'
import { WITHDRAWN_APPROVALS_MAX } from './limits.ts'
import type { Decision, PendingApproval, SessionState, WithdrawnApproval } from './state.ts'

/** Why nobody here needs to answer a request any more, as its history tells. */
type Withdrawal = 'answered_in_terminal' | 'withdrawn' | 'session_ended'

/** Puts a request at the end of the queue. */
export function enqueue(state: SessionState, approval: PendingApproval): Step {
  return withQueue(state, [...state.approvals, approval], requestRow(state, approval))
}

/** Puts `next` in the place of a request that is asked once more. */
export function replace(state: SessionState, approval: PendingApproval, next: PendingApproval): Step {
  const approvals = state.approvals.map((pending) => (pending === approval ? next : pending))
  return withQueue(state, approvals, requestRow(state, next))
}

/** Takes a request out of the queue with its answer, which goes to the agent. */
export function settle(state: SessionState, approval: PendingApproval, decision: Decision, now: number): Step {
  const { requestId, eventId } = approval
  const entry = { requestId, eventId, approval, decision }
  const [next, effects] = withQueue(
    state,
    state.approvals.filter((pending) => pending !== approval),
    keep({ table: 'approvals', decide: { requestId, decision: decision.verdict, at: now, answer: decision } }),
    ask({ do: 'decide', approval, decision }),
  )
  return [{ ...next, answered: withNewest(state.answered, entry, ANSWERED_APPROVALS_MAX) }, effects]
}

/** Takes back the requests that are meant, and lets the hooks go that wait for their answers. */
export function withdraw(
  state: SessionState,
  isMeant: (approval: PendingApproval) => boolean,
  why: Withdrawal,
  now: number,
): Step {
  const gone = state.approvals.filter(isMeant)
  if (gone.length === 0) return stay(state)
  const [next, effects] = withQueue(
    state,
    state.approvals.filter((approval) => !gone.includes(approval)),
    ...gone.flatMap((approval) => withdrawal(approval, why, now)),
  )
  const withdrawn = gone.reduce<readonly WithdrawnApproval[]>(
    (list, { requestId, eventId }) => withNewest(list, { requestId, eventId }, WITHDRAWN_APPROVALS_MAX),
    state.withdrawn,
  )
  return [{ ...next, withdrawn }, effects]
}

/** Requests of the main thread: they are over when it goes on or stops. */
export function isOfMainThread({ agentId }: PendingApproval): boolean {
  return agentId === null
}

/** Whether a request was answered or taken back lately. */
export function isOver({ answered, withdrawn }: SessionState, key: 'requestId' | 'eventId', id: string): boolean {
  return answered.some((approval) => approval[key] === id) || withdrawn.some((approval) => approval[key] === id)
}

/** The hook that waits for an answer may go: nobody here needs to give one. */
export function letGo(state: SessionState, eventId: string | null): Step {
  return eventId === null ? stay(state) : stay(state, ask({ do: 'release', eventId }))
}

/** Every change of the queue raises its version, so that clients can tell an old frame from a new one. */
function withQueue(state: SessionState, approvals: readonly PendingApproval[], ...effects: readonly Effect[]): Step {
  return change(state, { approvals, approvalVersion: state.approvalVersion + 1 }, ...effects)
}

function requestRow(state: SessionState, approval: PendingApproval): Effect {
  return keep({ table: 'approvals', put: approval, cwd: state.currentCwd ?? state.projectPath })
}

function withdrawal({ requestId, eventId }: PendingApproval, why: Withdrawal, now: number): readonly Effect[] {
  const row = keep({ table: 'approvals', decide: { requestId, decision: why, at: now } })
  return eventId === null ? [row] : [row, ask({ do: 'release', eventId })]
}
