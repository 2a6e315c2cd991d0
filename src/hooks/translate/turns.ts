/** Prompts, the ends of turns, and what Claude says while it waits. */
import { isTaskNotification } from '../../lib/claude-prompt.ts'
import { objectsAt, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import type { Hook, HookTranslation } from '../hook.ts'

export const turnHooks: Readonly<Record<string, HookTranslation>> = {
  UserPromptSubmit: (hook) => [
    { type: 'prompt_submitted', text: typedPrompt(hook), promptId: textAt(hook.body, 'prompt_id'), ...timeOf(hook) },
  ],
  Stop: (hook) => [
    {
      type: 'turn_completed',
      lastMessage: textAt(hook.body, 'last_assistant_message'),
      background: objectsAt(hook.body, 'background_tasks').some(isUnderWay),
    },
  ],
  StopFailure: ({ body }, { transcribed }) => {
    const code = textAt(body, 'error') ?? 'unknown'
    const message = textAt(body, 'last_assistant_message') ?? textAt(body, 'error_details') ?? code
    return [{ type: 'turn_failed', code, message, ...(transcribed ? { transcribed } : {}) }]
  },
  Notification: (hook) => {
    const reason = attention.get(textAt(hook.body, 'notification_type') ?? '')
    return reason === undefined ? [] : [{ type: 'attention_noted', reason }]
  },
  Elicitation: () => [{ type: 'attention_noted', reason: 'question' }],
}

type AttentionReason = Extract<SessionEvent, { type: 'attention_noted' }>['reason']

/** What waits for the person, by `notification_type`; the other types are news that need nothing. */
const attention: ReadonlyMap<string, AttentionReason> = new Map([
  ['permission_prompt', 'permission'],
  ['elicitation_dialog', 'question'],
  ['idle_prompt', 'reply'],
])

/** Null for a turn that the CLI began by itself, such as the report of a background task. */
function typedPrompt({ body }: Hook): string | null {
  const prompt = textAt(body, 'prompt')
  const byMachine = textAt(body, 'source') === 'system' || (prompt !== null && isTaskNotification(prompt))
  return byMachine ? null : prompt
}

/** The hook script notes the second in which it ran. */
function timeOf({ body }: Hook): { readonly at?: number } {
  const { sent_at: seconds } = body
  return typeof seconds === 'number' && seconds > 0 ? { at: seconds * 1000 } : {}
}

/** Work of the agent that goes on. A shell is none: it may serve for days, and Claude itself says meanwhile that it is idle. */
function isUnderWay({ type, status }: Readonly<Record<string, unknown>>): boolean {
  return type !== 'shell' && (status === 'running' || status === 'pending')
}
