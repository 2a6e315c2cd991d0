/** How full the context is, from what the API reported about a message. */
import { countAt, isJsonObject } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'

const USUAL_WINDOW = 200_000
const LARGE_WINDOW = 1_000_000

/** Models whose large window needs no mark in their name (measured with 2.1.329). */
const LARGE_BY_DEFAULT = /^claude-(opus|sonnet)-5-5/

/**
 * The counters of one message of the main thread. Every line of a message repeats them, and each message counts the
 * whole context anew, so that the newest line is the truth and nothing is ever summed up. `models`: all names known.
 */
export function tokenEvents(usage: unknown, models: readonly (string | null)[]): readonly SessionEvent[] {
  if (!isJsonObject(usage)) return []
  const count = (key: string) => countAt(usage, key) ?? 0
  const cached = count('cache_read_input_tokens')
  const input = count('input_tokens') + cached + count('cache_creation_input_tokens')
  const output = count('output_tokens')
  if (input + output === 0) return []
  const tokens = {
    input_tokens: input,
    output_tokens: output,
    cached_tokens: cached,
    context_window: contextWindowOf(models, input),
  }
  return [{ type: 'tokens_reported', tokens }]
}

/** The window of a model in tokens; a context that is larger than the usual one proves the large one. */
export function contextWindowOf(models: readonly (string | null)[], fill: number): number {
  const isLarge = models.some((model) => model !== null && (model.includes('[1m]') || LARGE_BY_DEFAULT.test(model)))
  return isLarge || fill > USUAL_WINDOW ? LARGE_WINDOW : USUAL_WINDOW
}

/** The part of a model's name that the API uses: without the mark of its window. */
export function baseModel(model: string): string {
  return model.replace(/\[.*\]$/, '')
}
