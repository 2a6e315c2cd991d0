/** What a Claude hook means, whichever version of the CLI sent it. */
import { textAt } from '../lib/json.ts'
import type { SessionEvent } from '../session/events.ts'
import { describeSession, describeStart, modelName, permissionModeEvents } from './describe.ts'
import type { Delivery, Hook, HookTranslation } from './hook.ts'
import { approvalHooks } from './translate/approvals.ts'
import { ignoredBecause, isOutsideTurns } from './translate/ignored.ts'
import { lifecycleHooks } from './translate/lifecycle.ts'
import { insideEvents, subagentHooks } from './translate/subagents.ts'
import { toolHooks } from './translate/tools.ts'
import { turnHooks } from './translate/turns.ts'
import { untoldRows } from './translate/untold.ts'

const translations: ReadonlyMap<string, HookTranslation> = new Map(
  Object.entries({ ...lifecycleHooks, ...turnHooks, ...toolHooks, ...approvalHooks, ...subagentHooks }),
)

/**
 * The events of a hook, in order: first what it tells about its session, then what happened. Of a repeated one only
 * the request that waits for an answer.
 * Nothing for a payload of Codex, which runs the hooks of Claude where both are installed.
 */
export function hookEvents(hook: Hook, delivery: Delivery): readonly SessionEvent[] {
  if (isFromCodex(hook)) return []
  const happened = translations.get(hook.event)?.(hook, delivery) ?? []
  if (delivery.repeated) return happened.filter(({ type }) => type === 'approval_requested')
  if (hook.event === 'SessionStart') return [startOf(hook)]
  if (hook.event === 'SessionEnd') return happened
  const inside = hook.type === 'claude_subagent_event' ? [] : insideEvents(hook)
  const described = [describeSession(hook, isOutsideTurns(hook.event)), ...permissionModeEvents(hook)]
  return [...described, ...inside, ...happened, ...untoldRows(hook, delivery)]
}

/** Whether this event was known when this was written; one that is not deserves a line in the log. */
export function isKnownHookEvent(event: string): boolean {
  return event === 'SessionStart' || translations.has(event) || ignoredBecause(event) !== undefined
}

/** After a compaction the CLI starts the very same session once more; that is news for nobody. */
function startOf(hook: Hook): SessionEvent {
  return textAt(hook.body, 'source') === 'compact' ? describeSession(hook, true) : describeStart(hook)
}

function isFromCodex({ body }: Hook): boolean {
  const model = modelName(body)?.toLowerCase() ?? ''
  return (
    textAt(body, 'context_label') === 'codex_cli_rs' ||
    (textAt(body, 'transcript_path')?.includes('/.codex/sessions/') ?? false) ||
    model.includes('codex') ||
    model.startsWith('gpt-')
  )
}
