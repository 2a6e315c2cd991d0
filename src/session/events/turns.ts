/** Prompts, and the beginnings and ends of turns. */
import { isOfMainThread, withdraw } from '../approval-queue.ts'
import { change, inTurn, stay } from '../change.ts'
import { appendFailure, awaitFailure, said } from '../conversation.ts'
import type { Step } from '../effects.ts'
import { LATE_PROMPT_MS } from '../limits.ts'
import { isBootstrap, titleOf } from '../naming.ts'
import type { EventRules } from '../rules.ts'
import type { SessionState, Subagent } from '../state.ts'
import { withAllStopped } from '../subagents.ts'
import { atWork, endTurn, movedOn } from '../turn.ts'

export const turnEvents = {
  prompt_submitted(state, { text, promptId, at }, now) {
    const typed = text === null || isBootstrap(text) ? null : text
    return inTurn(
      movedOn(state),
      (current) => withdrawMain(current, now),
      (current) => (typed !== null && answersAnother(current, promptId) ? endTurn(current, now) : stay(current)),
      (current) => change(atWork(current), { promptId: promptId ?? current.promptId, promptedAt: sentAt(at, now) }),
      (current) => (typed === null ? stay(current) : prompted(current, typed)),
    )
  },
  turn_started: (state) => stay(atWork(movedOn(state))),
  turn_completed(state, { lastMessage, background, subagents }, now) {
    return inTurn(
      { ...state, attention: null },
      (current) => withdrawMain(current, now),
      (current) => stay(withOthersStopped(current, subagents, now)),
      (current) => (background ? stay(atWork(current)) : endTurn(current, now, 'completed')),
      (current) => said(current, lastMessage),
    )
  },
  turn_aborted(state, { at }, now) {
    if (at !== undefined && at < (state.promptedAt ?? 0)) return stay(state)
    if (state.phase.name !== 'working') return stay(movedOn(state))
    return inTurn(
      movedOn(state),
      (current) => withdrawMain(current, now),
      (current) => endTurn(current, now),
    )
  },
  turn_failed(state, { message, transcribed }, now) {
    return inTurn(
      movedOn(state),
      (current) => withdrawMain(current, now),
      (current) => endTurn(current, now),
      (current) => (transcribed ? awaitFailure(current, message, now) : appendFailure(current, message, now)),
    )
  },
} satisfies Partial<EventRules>

/** A spooled prompt tells its second; one that has just come in was sent just now. */
function sentAt(at: number | undefined, now: number): number {
  return at !== undefined && now - at > LATE_PROMPT_MS ? at : now
}

/** The agent answers one prompt per turn; the end of the last one was never told, as after an interrupt in the terminal. */
function answersAnother({ currentTurnId, promptId: current }: SessionState, promptId: string | null): boolean {
  return currentTurnId !== null && current !== null && promptId !== null && promptId !== current
}

/** A prompt that a person wrote. What the server sent to an agent of its own was counted when it was sent. */
function prompted(state: SessionState, text: string): Step {
  if (state.integrationMode === 'direct') return stay(state)
  const counted = {
    ...state,
    promptCount: state.promptCount + 1,
    firstPrompt: state.firstPrompt ?? titleOf(text),
  }
  return said(counted, text)
}

/** Where the agent says which of its subagents go on, the others are over; it leaves out those that subagents started. */
function withOthersStopped(state: SessionState, going: readonly string[] | undefined, now: number): SessionState {
  if (going === undefined) return state
  const isOver = ({ id, parentId }: Subagent) => !going.includes(id) && (parentId === null || going.length === 0)
  return withAllStopped(state, isOver, 'completed', now)
}

function withdrawMain(state: SessionState, now: number): Step {
  return withdraw(state, isOfMainThread, 'withdrawn', now)
}
