/** What a turn costs and what it makes: counters, diffs, plans. */
import { change, stay, withNewest } from '../change.ts'
import { PLAN_CALLS_MAX } from '../limits.ts'
import { changedPlan } from '../plan.ts'
import type { EventRules } from '../rules.ts'

export const progressEvents = {
  tokens_reported: (state, { tokens }) =>
    change(state, {
      inputTokens: tokens.input_tokens,
      outputTokens: tokens.output_tokens,
      cachedTokens: tokens.cached_tokens,
      contextWindow: tokens.context_window,
    }),
  cost_reported(state, told) {
    const known = state.costUsd ?? 0
    // A total may lack what a killed agent had no time to note.
    return change(state, { costUsd: 'totalUsd' in told ? Math.max(known, told.totalUsd) : known + told.addedUsd })
  },
  diff_reported: (state, { diff }) => change(state, { currentDiff: diff }),
  plan_reported: (state, { plan }) => change(state, { currentPlan: plan }),
  plan_changed(state, { change: told, toolUseId }) {
    if (toolUseId === null) return change(state, { currentPlan: changedPlan(state.currentPlan, told) })
    // Of two sources the slower one may be behind.
    if (state.planCalls.includes(toolUseId)) return stay(state)
    const planCalls = withNewest(state.planCalls, toolUseId, PLAN_CALLS_MAX)
    return change(state, { currentPlan: changedPlan(state.currentPlan, told), planCalls })
  },
} satisfies Partial<EventRules>
