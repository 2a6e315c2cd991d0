/** Agents that the agent starts. */
import { withdraw } from '../approval-queue.ts'
import { inTurn, stay } from '../change.ts'
import type { EventRules } from '../rules.ts'
import { subagentOfCall, withResumed, withRunning, withStopped } from '../subagents.ts'

export const subagentEvents = {
  subagent_started: (state, { agentId, at, ...told }, now) => stay(withRunning(state, agentId, told, at ?? now)),
  subagent_resumed: (state, { agentId, at }, now) => stay(withResumed(state, agentId, at ?? now)),
  subagent_stopped(state, { agentId, at, outcome, lastMessage, ...told }, now) {
    const ofCall = told.toolUseId ? subagentOfCall(state, told.toolUseId) : undefined
    const id = agentId ?? ofCall?.id ?? null
    const isKnown = state.subagents.some((subagent) => subagent.id === id)
    if (id === null || (!isKnown && !told.agentType)) return stay(state)
    const end = { outcome: outcome ?? null, lastMessage: lastMessage ?? null, at: at ?? now }
    return inTurn(
      state,
      (current) => withdraw(current, (approval) => approval.agentId === id, 'withdrawn', now),
      (current) => stay(withStopped(current, id, told, end)),
    )
  },
} satisfies Partial<EventRules>
