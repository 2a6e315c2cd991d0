/** How full the context is: what the newest message of the main thread counted, never a sum over messages. */
import { countAt, isJsonObject, objectAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import { baseModel, contextWindowOf } from '../../../transcripts/entries/tokens.ts'
import type { TranslationContext } from './context.ts'

/** The counters of one message. */
export function tokenEvents(usage: unknown, context: TranslationContext): readonly SessionEvent[] {
  if (!isJsonObject(usage)) return []
  const count = (key: string) => countAt(usage, key) ?? 0
  const cached = count('cache_read_input_tokens')
  const input = count('input_tokens') + cached + count('cache_creation_input_tokens')
  const output = count('output_tokens')
  if (input + output === 0) return []
  const window = context.contextWindow || contextWindowOf([context.model], input)
  const tokens = { input_tokens: input, output_tokens: output, cached_tokens: cached, context_window: window }
  return [{ type: 'tokens_reported', tokens }]
}

/** Takes the window of the session's model from what a result tells of all models; a subagent may use another one. */
export function learnContextWindow(modelUsage: unknown, context: TranslationContext): void {
  if (!isJsonObject(modelUsage)) return
  const names = Object.keys(modelUsage)
  const own = names.find((name) => name === context.model) ?? names.find((name) => isSameModel(name, context.model))
  const window = own === undefined ? null : countAt(objectAt(modelUsage, own), 'contextWindow')
  if (window !== null && window > 0) context.contextWindow = window
}

function isSameModel(name: string, model: string | null): boolean {
  return model !== null && baseModel(name) === baseModel(model)
}
