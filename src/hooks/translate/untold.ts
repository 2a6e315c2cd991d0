/** Rows of a conversation that only hooks tell: its transcript is gone, or lies where nobody here can read it. */
import { isTaskNotification } from '../../lib/claude-prompt.ts'
import { countAt, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { agentIdOf, type Delivery, type Hook } from '../hook.ts'

/** What a person said, or the last words of a turn, as a row; nothing for hooks that carry neither. */
export function untoldRows(hook: Hook, { eventId, untold }: Delivery): readonly SessionEvent[] {
  if (!untold || eventId === null || agentIdOf(hook) !== null) return []
  const { event, body } = hook
  const prompt = event === 'UserPromptSubmit' && textAt(body, 'source') !== 'system' ? textAt(body, 'prompt') : null
  if (prompt !== null && !isTaskNotification(prompt)) return [row(hook, eventId, 'user', prompt)]
  const answer = event === 'Stop' ? textAt(body, 'last_assistant_message') : null
  return answer === null ? [] : [row(hook, eventId, 'assistant', answer)]
}

function row({ sessionId, body }: Hook, eventId: string, type: 'user' | 'assistant', content: string): SessionEvent {
  return {
    type: 'message_reported',
    message: {
      id: `${sessionId}:hook:${eventId}`,
      type,
      content,
      toolName: null,
      toolInput: null,
      toolOutput: null,
      isError: false,
      timestamp: `${countAt(body, 'sent_at') ?? 0}Z`,
      durationMs: null,
      images: [],
    },
  }
}
