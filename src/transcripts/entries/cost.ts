/** What the conversation has cost. Only later versions note it (2.1.329 does), and only when the program ends. */
import { amountAt } from '../../lib/json.ts'
import type { EntryTranslation } from '../entry.ts'

/**
 * The CLI goes on with the count of the conversation that it resumes, and a fork with that of the one it was made from;
 * what subagents cost is in it. So the latest line is the whole, and nothing is ever summed up.
 */
export const costEvents: EntryTranslation = (entry) => {
  const totalUsd = amountAt(entry, 'totalCostUSD')
  return totalUsd === null ? [] : [{ type: 'cost_reported', totalUsd }]
}
