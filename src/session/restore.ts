/** Makes a session's state from what is stored of it: the inverse of `storedSession`. */
import { TURN_DIFFS_MAX } from '../lib/limits.ts'
import type { ReviewComment } from '../protocol/model/review.ts'
import { SUBAGENTS_MAX } from './limits.ts'
import { newSession } from './new-session.ts'
import type {
  AnsweredApproval,
  Capabilities,
  PendingApproval,
  Phase,
  QueuedPrompt,
  SessionState,
  StoredSession,
  Subagent,
  TurnDiff,
} from './state.ts'
import { heldDiff } from './turn.ts'
import type { Listed, ListedField } from './view.ts'

type Waiting = Pick<StoredSession, 'status' | 'workStatus' | 'pendingQuestion'>

/** What other tables know of a session. `now` is Unix milliseconds. */
interface StoredBeside {
  /** Undecided, oldest first. */
  readonly approvals: readonly PendingApproval[]
  readonly answered: readonly AnsweredApproval[]
  readonly subagents: readonly Subagent[]
  readonly turnDiffs: readonly TurnDiff[]
  /** Oldest first. */
  readonly reviewComments: readonly ReviewComment[]
  /** Oldest first. */
  readonly queue?: readonly QueuedPrompt[]
  readonly capabilities?: Capabilities | null
  /** Ids of the rows of the latest tool calls. */
  readonly countedRows?: readonly string[]
  readonly now: number
}

/** The state of a stored session. What only the last process knew, such as open tool calls, begins empty. */
export function restoreSession(id: string, stored: StoredSession, beside: StoredBeside): SessionState {
  const { status, workStatus, attentionReason, pendingToolName, pendingToolInput, ...rest } = stored
  const { pendingQuestion, pendingApprovalId, endReason, revisionCeiling, ...columns } = rest
  const approvals = status === 'ended' ? [] : beside.approvals
  const phase = phaseOf(stored)
  return {
    ...newSession(id, stored.provider, beside.now),
    ...columns,
    listed: true,
    phase,
    currentTurnId: phase.name === 'working' ? stored.currentTurnId : null,
    approvals,
    ...waitingFor(stored, approvals),
    answered: beside.answered,
    subagents: beside.subagents.slice(-SUBAGENTS_MAX),
    queue: beside.queue ?? [],
    // Whatever the agent was at, it did not end by itself.
    queueHeld: (beside.queue ?? []).length > 0,
    reviewComments: beside.reviewComments,
    capabilities: beside.capabilities ?? null,
    countedRows: beside.countedRows ?? [],
    turnDiffs: beside.turnDiffs.slice(-TURN_DIFFS_MAX).map(heldDiff),
    turnCount: Math.max(stored.turnCount, beside.turnDiffs.length, ...beside.turnDiffs.map(turnNumber)),
  }
}

/** What has to be stored of a session to list it. */
export type StoredListing = Pick<StoredSession, ListedField | keyof Waiting | 'endReason' | 'currentTurnId'>

/** As much of a stored session as the list shows; the requests that it waits on are not known. */
export function restoreListing(id: string, stored: StoredListing): Listed {
  return {
    ...stored,
    id,
    phase: phaseOf(stored),
    approvals: [],
    attention: null,
    asking: null,
    ...waitingFor(stored, []),
  }
}

function phaseOf({
  status,
  workStatus,
  endReason,
  currentTurnId,
}: Pick<StoredSession, 'status' | 'workStatus' | 'endReason' | 'currentTurnId'>): Phase {
  if (status === 'ended' || workStatus === 'ended') return { name: 'ended', reason: endReason ?? 'unknown' }
  const waitsInTurn = (workStatus === 'permission' || workStatus === 'question') && currentTurnId !== null
  return { name: workStatus === 'working' || waitsInTurn ? 'working' : 'idle' }
}

/** A status that no stored request explains: a question of a tool, or a prompt that only the terminal shows. */
function waitingFor({ status, workStatus, pendingQuestion }: Waiting, approvals: readonly PendingApproval[]) {
  if (status === 'ended' || approvals.length > 0) return {}
  const attention = workStatus === 'permission' || workStatus === 'question' ? workStatus : null
  const asks = pendingQuestion !== null && (attention !== null || workStatus === 'working')
  return { attention, asking: asks ? { toolUseId: null, question: pendingQuestion } : null }
}

/** The number in `turn-<number>`, so that no id is given twice; 0 for any other id. */
function turnNumber({ turnId }: TurnDiff): number {
  return Number(/^turn-(\d+)$/.exec(turnId)?.[1] ?? 0)
}
