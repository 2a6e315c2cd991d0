/** What a turn costs and what it makes: counters, diffs, plans. */
import { change } from '../change.ts'
import type { EventRules } from '../rules.ts'

export const progressEvents = {
  tokens_reported: (state, { tokens }) =>
    change(state, {
      inputTokens: tokens.input_tokens,
      outputTokens: tokens.output_tokens,
      cachedTokens: tokens.cached_tokens,
      contextWindow: tokens.context_window,
    }),
  diff_reported: (state, { diff }) => change(state, { currentDiff: diff }),
  plan_reported: (state, { plan }) => change(state, { currentPlan: plan }),
} satisfies Partial<EventRules>
