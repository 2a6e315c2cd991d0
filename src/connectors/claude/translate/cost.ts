/** What a conversation costs, as the CLI counts it: every result tells the sum so far, subagents included. */
import { amountAt, type JsonObject } from '../../../lib/json.ts'
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
  const before = context.costUsd
  if (totalUsd === null || totalUsd === before) return []
  context.costUsd = totalUsd
  if (before === null && context.countsOn) return [{ type: 'cost_reported', totalUsd }]
  // A sum that has fallen began anew, as after /clear.
  const counted = before === null || before > totalUsd ? 0 : before
  return [{ type: 'cost_reported', addedUsd: totalUsd - counted }]
}
