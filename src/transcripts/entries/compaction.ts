/** The place at which the context was compacted; the summary that the model goes on with follows it. */
import { countAt, objectAt, textAt } from '../../lib/json.ts'
import { COMPACTED } from '../../session/conversation.ts'
import type { SessionEvent } from '../../session/events.ts'
import { type EntryContext, type EntryTranslation, NO_TIME, rowEvent, rowIdOf } from '../entry.ts'
import { contextWindowOf } from './tokens.ts'

/** The hooks of a compaction tell of it too; without them nobody else does. It is also known what is left. */
export const compactionEvents: EntryTranslation = (entry, context) => {
  const id = rowIdOf(entry, context)
  const told: SessionEvent = context.live
    ? { type: 'context_compacted', row: { id, timestamp: textAt(entry, 'timestamp') ?? NO_TIME } }
    : rowEvent(entry, { id, type: 'assistant', content: COMPACTED })
  const metadata = objectAt(entry, 'compactMetadata')
  const left = countAt(metadata, 'postTokens') ?? 0
  return [told, tokensLeft(left, Math.max(left, countAt(metadata, 'preTokens') ?? 0), context)]
}

/** `before`: tokens that fitted into the window. */
function tokensLeft(left: number, before: number, { model }: EntryContext): SessionEvent {
  const tokens = { input_tokens: left, output_tokens: 0, cached_tokens: 0 }
  return { type: 'tokens_reported', tokens: { ...tokens, context_window: contextWindowOf([model], before) } }
}
