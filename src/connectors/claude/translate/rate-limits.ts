/** Limits of the user's account, told while they are near or reached (as the types of the official SDK describe them). */
import { countAt, type JsonObject, objectAt, textAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import { isoTime } from '../../../session/times.ts'
import { rowEvent, rowId, type TranslationContext } from './context.ts'

/** A row when a limit comes near, and one when it is reached; the CLI repeats itself with every answer. */
export function rateLimitEvents(body: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  const info = objectAt(body, 'rate_limit_info')
  const status = textAt(info, 'status') ?? 'allowed'
  const kind = (textAt(info, 'rateLimitType') ?? 'usage').replaceAll('_', ' ')
  if (context.limits.get(kind) === status) return []
  context.limits.set(kind, status)
  if (status === 'allowed') return []
  const resetsAt = countAt(info, 'resetsAt')
  const until = resetsAt === null ? '' : ` It is renewed at ${isoTime(resetsAt * 1000)}.`
  const isReached = status === 'rejected'
  const content = `The ${kind} limit of the Claude account is ${isReached ? 'reached' : 'near'}.${until}`
  const id = rowId(context, textAt(body, 'uuid') ?? `limit:${kind}:${status}:${context.now()}`)
  return [rowEvent(context, { id, type: 'assistant', content, isError: isReached })]
}
