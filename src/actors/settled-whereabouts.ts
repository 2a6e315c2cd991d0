/** Waits until Claude has written down what it has told: its transcript is a little late. */
import { TRANSCRIPT_SETTLES_GAP_MS, TRANSCRIPT_SETTLES_MS } from '../lib/limits.ts'
import { type Whereabouts, whereaboutsOf } from './standing.ts'

interface Shown {
  /** The agent's id of the last prompt that was stored; null where there is none. */
  readonly prompt: string | null
  /** Whether the agent is at work: then its turn is not over in the transcript either. */
  readonly isAtWork: boolean
  /** Whether the last that was told is a compaction. */
  readonly isCompacted: boolean
}

/** The whereabouts with everything in them that the session shows, or what there is of it when the time is over. */
export async function settledWhereabouts(
  { prompt, isAtWork, isCompacted }: Shown,
  ...about: Parameters<typeof whereaboutsOf>
): Promise<Whereabouts | null> {
  for (let waited = 0; ; waited += TRANSCRIPT_SETTLES_GAP_MS) {
    const found = await whereaboutsOf(...about)
    if (!found && prompt === null) return null
    const isWritten =
      found && (prompt === null || found.chain.has(prompt)) && (!isCompacted || found.chain.endsInSummary)
    if (isWritten && (isAtWork || found.isCopy || !found.chain.isInTurn)) return found
    if (waited >= TRANSCRIPT_SETTLES_MS) return found
    await Bun.sleep(TRANSCRIPT_SETTLES_GAP_MS)
  }
}
