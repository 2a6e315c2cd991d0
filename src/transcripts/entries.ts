/** What a line of a Claude transcript means, whichever version of the CLI wrote it. */
import { isJsonObject } from '../lib/json.ts'
import type { SessionEvent } from '../session/events.ts'
import { assistantEvents } from './entries/assistant.ts'
import { attachmentEvents } from './entries/attachments.ts'
import { nameEvents, permissionModeEvents, titleEvents } from './entries/names.ts'
import { systemEvents } from './entries/system.ts'
import { userEvents } from './entries/user.ts'
import type { EntryContext, EntryTranslation } from './entry.ts'

const translations: ReadonlyMap<unknown, EntryTranslation> = new Map(
  Object.entries({
    user: userEvents,
    assistant: assistantEvents,
    system: systemEvents,
    attachment: attachmentEvents,
    'ai-title': titleEvents('aiTitle'),
    summary: titleEvents('summary'),
    'custom-title': nameEvents('customTitle'),
    'agent-name': nameEvents('agentName'),
    'permission-mode': permissionModeEvents,
  } satisfies Record<string, EntryTranslation>),
)

/** The CLI's own bookkeeping, each with the reason to leave it alone. */
const IGNORED: Readonly<Record<string, string>> = {
  mode: 'the look of the prompt line',
  'last-prompt': 'a copy of the latest prompt',
  'queue-operation': 'prompts are rows once they are sent',
  'file-history-snapshot': 'copies of files for rewinding',
  'file-history-delta': 'copies of files for rewinding',
  'tools-used': 'told by the calls themselves',
  'cost-state': 'sums over the process, subagents included',
  'atis-latch': 'a switch of the CLI',
  'api-request': 'a dump of what was sent to the API',
  'api-request-blob': 'a dump of what was sent to the API',
  'api-request-shape': 'a dump of what was sent to the API',
  progress: 'intermediate output of older versions',
}

/** Notices of the type `system`, each with the reason to leave it alone. */
const IGNORED_NOTICES: Readonly<Record<string, string>> = {
  compact_boundary: 'the hooks of the compaction tell of it',
  turn_duration: 'the stop hook says more: whether work goes on in the background',
  stop_hook_summary: 'how hooks fared',
  informational: 'a line on the screen of the CLI',
  api_error: 'the CLI tries again; what it gives up on comes as a message',
  away_summary: 'a recap on the screen of the CLI',
}

/**
 * The events of an entry, in order. Nothing for the lines of subagents, which have transcripts of their own, and for
 * anything that nobody here has heard of.
 */
export function entryEvents(entry: unknown, context: EntryContext): readonly SessionEvent[] {
  if (!isJsonObject(entry) || entry.isSidechain === true) return []
  return translations.get(entry.type)?.(entry, context) ?? []
}

/** The kind of an entry that was not known when this was written, such as `system:new`; it deserves a line in the log. */
export function unknownKind(entry: unknown): string | null {
  if (!isJsonObject(entry)) return 'no object'
  const { type, subtype } = entry
  if (typeof type !== 'string') return 'no type'
  if (type === 'system') {
    const isKnown = subtype === 'local_command' || Object.hasOwn(IGNORED_NOTICES, String(subtype))
    return isKnown ? null : `system:${subtype}`
  }
  return translations.has(type) || Object.hasOwn(IGNORED, type) ? null : type
}
