/** How turns begin and end. */
import { TURN_DIFFS_MAX } from '../lib/limits.ts'
import { change, inTurn, keep, stay, tell, withNewest } from './change.ts'
import { placedAll } from './conversation.ts'
import type { Effect, Step } from './effects.ts'
import { TURN_DIFF_CHARS_MAX, TURN_TOOLS_MAX } from './limits.ts'
import type { SessionState, SubagentOutcome, TurnDiff } from './state.ts'
import { isForeground, withAllStopped } from './subagents.ts'
import { CUT_MARK, cutText } from './text.ts'
import { tokenUsage } from './view.ts'

/** At work in the open turn, or in a new one. A session that has ended stays as it is. */
export function atWork(state: SessionState): SessionState {
  if (state.phase.name === 'ended') return state
  if (state.currentTurnId !== null)
    return state.phase.name === 'working' ? state : { ...state, phase: { name: 'working' } }
  const turnCount = state.turnCount + 1
  return { ...state, phase: { name: 'working' }, turnCount, currentTurnId: `turn-${turnCount}` }
}

/** The agent has moved on: what it said to wait for, and what it asked through a tool, is over. */
export function movedOn(state: SessionState): SessionState {
  return state.attention === null && state.asking === null ? state : { ...state, attention: null, asking: null }
}

/**
 * Ends the open turn, if any: idle, and what the turn changed becomes its diff. A question that was put stays open. Subagents
 * that nobody sent to the background end with it, with this outcome. Only a turn that ended by itself lets the next prompt go; `now` is Unix milliseconds.
 */
export function endTurn(state: SessionState, now: number, outcome: SubagentOutcome = 'stopped'): Step {
  if (state.phase.name === 'ended') return stay(state)
  return inTurn(withAllStopped(state, isForeground, outcome, now), forgetOlderCalls, close, (current) =>
    outcome === 'completed' ? stay(current) : change(current, { queueHeld: current.queue.length > 0 }),
  )
}

/** The calls of this turn take the place of those of the last; a row that still waits goes on waiting while there is room. */
function forgetOlderCalls(state: SessionState): Step {
  if (state.tools.length === 0) return stay(state)
  const waiting = state.previousTools.filter(({ awaitedRow }) => awaitedRow !== null)
  const calls = [...waiting, ...state.tools]
  const [shown, effects] = placedAll(state, calls.slice(0, -TURN_TOOLS_MAX))
  return [{ ...shown, previousTools: calls.slice(-TURN_TOOLS_MAX), tools: [] }, effects]
}

function close(state: SessionState): Step {
  const [turnDiffs, effects] = diffOfTurn(state)
  const next: Partial<SessionState> = {
    phase: { name: 'idle' },
    currentTurnId: null,
    promptId: null,
    attention: null,
    currentDiff: null,
    turnDiffs,
  }
  return change(state, next, ...effects)
}

/** A diff as it is kept in memory: the store has all of it. */
export function heldDiff(diff: TurnDiff): TurnDiff {
  return { ...diff, diff: cutText(diff.diff, TURN_DIFF_CHARS_MAX, CUT_MARK) }
}

function diffOfTurn(state: SessionState): readonly [readonly TurnDiff[], readonly Effect[]] {
  const { id, currentTurnId: turnId, currentDiff: diff, turnDiffs } = state
  if (turnId === null || !diff) return [turnDiffs, []]
  const tokens = tokenUsage(state)
  const put = { turnId, diff, tokens }
  const frame = { type: 'turn_diff_snapshot', session_id: id, turn_id: turnId, diff, ...tokens } as const
  return [withNewest(turnDiffs, heldDiff(put), TURN_DIFFS_MAX), [keep({ table: 'turn_diffs', put }), tell(frame)]]
}
