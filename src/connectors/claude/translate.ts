/** What the lines of Claude mean to its session: pure, but for what a conversation has to remember from line to line. */
import type { JsonObject } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import type { ClaudeLine } from './line.ts'
import { elicitationEvents, permissionEvents } from './translate/approvals.ts'
import { assistantEvents } from './translate/assistant.ts'
import type { TranslationContext } from './translate/context.ts'
import { ignoredBecause } from './translate/ignored.ts'
import { rateLimitEvents } from './translate/rate-limits.ts'
import { resultEvents } from './translate/result.ts'
import { streamEvents } from './translate/stream.ts'
import { systemEvents } from './translate/system.ts'
import { userEvents } from './translate/user.ts'

/** The events of a line, in order. Nothing for answers, and for whatever nobody here has heard of. */
export function claudeEvents(line: ClaudeLine, context: TranslationContext): readonly SessionEvent[] {
  switch (line.kind) {
    case 'system':
      return systemEvents[line.subtype]?.(line.body, context) ?? []
    case 'stream':
      return line.parent === null ? streamEvents(line.event, context) : []
    case 'assistant':
      return assistantEvents(line.body, line.parent, context)
    case 'user':
      return userEvents(line.body, line.parent, context)
    case 'result':
      return resultEvents(line.body, context)
    case 'request':
      return line.id === '' ? [] : (requests[line.subtype]?.(line.id, line.request, context) ?? [])
    case 'cancel':
      return [{ type: 'approval_withdrawn', requestId: line.id, eventId: null }]
    case 'other':
      return notices[line.type]?.(line.body, context) ?? []
    default:
      return []
  }
}

/** What Claude asks a person; its other requests are refused. */
const requests: Readonly<
  Record<string, (id: string, request: JsonObject, context: TranslationContext) => readonly SessionEvent[]>
> = { can_use_tool: permissionEvents, elicitation: elicitationEvents }

const notices: Readonly<Record<string, typeof rateLimitEvents>> = { rate_limit_event: rateLimitEvents }

/** The kind of a line that was not known when this was written; it deserves a line in the log. */
export function unknownKind(line: ClaudeLine): string | null {
  switch (line.kind) {
    case 'system': {
      const isKnown =
        Object.hasOwn(systemEvents, line.subtype) || ignoredBecause(`system/${line.subtype}`) !== undefined
      return isKnown ? null : `system/${line.subtype}`
    }
    case 'other':
      return Object.hasOwn(notices, line.type) || ignoredBecause(line.type) !== undefined
        ? null
        : line.type || 'no type'
    case 'request':
      return Object.hasOwn(requests, line.subtype) ? null : `request/${line.subtype}`
    default:
      return null
  }
}
