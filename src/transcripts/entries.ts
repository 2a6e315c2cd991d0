/** What a line of a Claude transcript means, whichever version of the CLI wrote it. */
import { isJsonObject, type JsonObject, objectAt } from '../lib/json.ts'
import type { SessionEvent } from '../session/events.ts'
import { assistantEvents } from './entries/assistant.ts'
import { commandEvents } from './entries/commands.ts'
import { compactionEvents } from './entries/compaction.ts'
import { costEvents } from './entries/cost.ts'
import { nameEvents, permissionModeEvents, titleEvents } from './entries/names.ts'
import { hookMessageEvents, hookVerdictEvents, noticeEvents, turnLimitEvents } from './entries/notices.ts'
import { steerEvents } from './entries/steer.ts'
import { blocksOf, isToolResult } from './entries/tool-results.ts'
import { unknownEvents } from './entries/unknown.ts'
import { userEvents } from './entries/user.ts'
import type { EntryContext, EntryTranslation } from './entry.ts'
import { IGNORED_KINDS } from './ignored-kinds.ts'

/** By kind. The kinds that are left alone have their reasons in ignored-kinds.ts. */
const TRANSLATIONS: ReadonlyMap<string, EntryTranslation> = new Map(
  Object.entries({
    user: userEvents,
    assistant: assistantEvents,
    'system:compact_boundary': compactionEvents,
    'system:informational': noticeEvents,
    'system:local_command': commandEvents,
    'system:model_fallback': noticeEvents,
    'system:model_refusal_fallback': noticeEvents,
    'system:model_refusal_no_fallback': noticeEvents,
    'system:permission_retry': noticeEvents,
    'system:scheduled_task_fire': noticeEvents,
    'attachment:queued_command': steerEvents,
    'attachment:hook_blocking_error': hookVerdictEvents,
    'attachment:hook_stopped_continuation': hookVerdictEvents,
    'attachment:hook_system_message': hookMessageEvents,
    'attachment:max_turns_reached': turnLimitEvents,
    'ai-title': titleEvents('aiTitle'),
    summary: titleEvents('summary'),
    'custom-title': nameEvents('customTitle'),
    'agent-name': nameEvents('agentName'),
    'permission-mode': permissionModeEvents,
    'cost-state': costEvents,
  } satisfies Record<string, EntryTranslation>),
)

/** The events of an entry, in order. Nothing for the lines of subagents, which have transcripts of their own. */
export function entryEvents(entry: unknown, context: EntryContext): readonly SessionEvent[] {
  if (!isJsonObject(entry) || entry.isSidechain === true) return []
  const kind = kindOf(entry)
  if (IGNORED_KINDS.has(kind)) return []
  return (TRANSLATIONS.get(kind) ?? unknownEvents)(entry, context)
}

/** Blocks of messages; `redacted_thinking` is left alone because nobody can read it, `document` because it is a file. */
const BLOCKS: readonly unknown[] = [
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'mcp_tool_use',
  'image',
  'document',
]

/**
 * The kind of an entry that was not known when this was written, such as `system:new`, or the first such block in it, such
 * as `block:new`; it deserves a line in the log.
 */
export function unknownKind(entry: unknown): string | null {
  if (!isJsonObject(entry)) return 'no object'
  const kind = kindOf(entry)
  if (!TRANSLATIONS.has(kind) && !IGNORED_KINDS.has(kind)) return kind
  const unknown = blocksOf(entry).find((block) => !BLOCKS.includes(block.type) && !isToolResult(block))
  return unknown && (kind === 'user' || kind === 'assistant') ? `block:${unknown.type}` : null
}

/** Its type, and for notices and attachments of which sort they are. */
function kindOf(entry: JsonObject): string {
  const { type, subtype } = entry
  if (typeof type !== 'string') return 'no type'
  if (type === 'system') return `system:${subtype}`
  return type === 'attachment' ? `attachment:${objectAt(entry, 'attachment').type}` : type
}
