/** What the agent's own records say that it does, where its hooks kept silent. */
import { withdraw } from '../approval-queue.ts'
import { change, inTurn, stay } from '../change.ts'
import type { EventRules } from '../rules.ts'
import { atWork, endTurn, movedOn } from '../turn.ts'

export const observationEvents = {
  status_observed(state, { doing }, now) {
    switch (doing) {
      case 'working':
        return inTurn(
          movedOn(state),
          (current) => withdraw(current, () => true, 'answered_in_terminal', now),
          (current) => stay(atWork(current)),
        )
      case 'waiting':
        return inTurn(
          movedOn(state),
          (current) => withdraw(current, () => true, 'withdrawn', now),
          (current) => endTurn(current, now),
        )
      default:
        return state.approvals.length > 0 ? stay(state) : change(atWork(state), { attention: doing })
    }
  },
} satisfies Partial<EventRules>
