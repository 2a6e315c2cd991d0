/** What a conversation costs, as the CLI counts it: every result tells the sum so far, subagents included. */
import { amountAt, type JsonObject, textAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import type { TranslationContext } from './context.ts'

/** From here on a process that resumes a conversation goes on with its count (measured); 2.1.197 begins at 0 again. */
const COUNTS_ON = '>=2.1.329'

/** Whether a version of the CLI goes on with the count of the conversation that it resumes. */
export function countsOn(version: string | null): boolean {
  return version !== null && Bun.semver.satisfies(version, COUNTS_ON)
}

/** What has come to the cost of the session since the result before. */
export function costEvents(body: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  const totalUsd = amountAt(body, 'total_cost_usd')
  if (totalUsd === null) return []
  const { cost: before, countsOn: isOfConversation } = context
  context.cost = { totalUsd, conversation: textAt(body, 'session_id') }
  if (before === null && isOfConversation) return [{ type: 'cost_reported', totalUsd }]
  // What is cleared is another conversation, and a sum that has fallen began anew in any case.
  const isAnother = isOfConversation && before?.conversation !== context.cost.conversation
  const counted = before === null || isAnother || before.totalUsd > totalUsd ? 0 : before.totalUsd
  return before !== null && totalUsd === counted ? [] : [{ type: 'cost_reported', addedUsd: totalUsd - counted }]
}
