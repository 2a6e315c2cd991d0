/** Agents that the agent starts. */
import { withdraw } from '../approval-queue.ts'
import { change, inTurn, keep, stay } from '../change.ts'
import type { Step } from '../effects.ts'
import { SUBAGENTS_MAX } from '../limits.ts'
import type { EventRules } from '../rules.ts'
import type { SessionState, Subagent } from '../state.ts'

export const subagentEvents = {
  subagent_started(state, { agentId: id, agentType }, now) {
    const known = state.subagents.find((subagent) => subagent.id === id)
    const subagent = known ?? {
      id,
      agentType: agentType || 'unknown',
      transcriptPath: null,
      startedAt: now,
      endedAt: null,
    }
    return withSubagent(state, { ...subagent, agentType: agentType || subagent.agentType })
  },
  subagent_stopped(state, { agentId: id, agentType, transcriptPath }, now) {
    const known = state.subagents.find((subagent) => subagent.id === id)
    if (!known && !agentType) return stay(state)
    const subagent = known ?? {
      id,
      agentType: agentType || 'unknown',
      transcriptPath: null,
      startedAt: now,
      endedAt: null,
    }
    return inTurn(
      state,
      (current) => withdraw(current, (approval) => approval.agentId === id, 'withdrawn', now),
      (current) =>
        withSubagent(current, {
          ...subagent,
          agentType: agentType || subagent.agentType,
          transcriptPath: transcriptPath ?? subagent.transcriptPath,
          endedAt: now,
        }),
    )
  },
} satisfies Partial<EventRules>

/** The one that started last and still runs is the active one. */
function withSubagent(state: SessionState, subagent: Subagent): Step {
  const others = state.subagents.filter(({ id }) => id !== subagent.id)
  const known = others.length < state.subagents.length
  const subagents = known
    ? state.subagents.map((other) => (other.id === subagent.id ? subagent : other))
    : [...others, subagent].slice(-SUBAGENTS_MAX)
  const active = state.phase.name === 'ended' ? undefined : subagents.findLast(({ endedAt }) => endedAt === null)
  return change(
    state,
    { subagents, activeSubagentId: active?.id ?? null, activeSubagentType: active?.agentType ?? null },
    keep({ table: 'subagents', put: subagent }),
  )
}
