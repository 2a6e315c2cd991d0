/** Tells one delivery of a hook from a second one. */
import { textAt } from '../lib/json.ts'
import type { Hook } from './hook.ts'

/** Events that happen once for a tool call. */
const ONCE_PER_TOOL_CALL = new Set(['PreToolUse', 'PostToolUse', 'PostToolUseFailure', 'PermissionDenied'])
/** Events that happen once for a prompt. A `Stop` does not: other hooks may send the model on. */
const ONCE_PER_PROMPT = new Set(['UserPromptSubmit', 'StopFailure'])

/**
 * The id under which an event is applied once: the hook script's own, else one made of the agent's keys.
 * Null when nothing tells two events apart: two equal `Stop`s are two stops, so a hash of the body would lose one.
 */
export function eventIdOf(hook: Hook): string | null {
  const given = textAt(hook.body, 'event_id')
  if (given !== null) return given
  if (ONCE_PER_TOOL_CALL.has(hook.event)) return keyed(hook, 'tool_use_id')
  return ONCE_PER_PROMPT.has(hook.event) ? keyed(hook, 'prompt_id') : null
}

function keyed(hook: Hook, key: string): string | null {
  const value = textAt(hook.body, key)
  return value === null ? null : `${hook.event}:${value}`
}
