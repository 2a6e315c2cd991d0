/** Waits until Claude has written down what it has told: its transcript is a little late. */
import { TRANSCRIPT_SETTLES_GAP_MS, TRANSCRIPT_SETTLES_MS } from '../lib/limits.ts'
import { type Whereabouts, whereaboutsOf } from './standing.ts'

/**
 * The whereabouts with everything in them that the session shows, or what there is of it when the time is over. `prompt`: the
 * agent's id of the last prompt that was stored; null where there is none.
 */
export async function settledWhereabouts(
  prompt: string | null,
  ...about: Parameters<typeof whereaboutsOf>
): Promise<Whereabouts | null> {
  for (let waited = 0; ; waited += TRANSCRIPT_SETTLES_GAP_MS) {
    const found = await whereaboutsOf(...about)
    if (!found && prompt === null) return null
    const isSettled = found && (prompt === null || found.chain.has(prompt)) && (found.isCopy || !found.chain.isInTurn)
    if (isSettled || waited >= TRANSCRIPT_SETTLES_MS) return found
    await Bun.sleep(TRANSCRIPT_SETTLES_GAP_MS)
  }
}
