/** A hook post after validation: what every translation starts from. */
import { isJsonObject, type JsonObject, textAt } from '../lib/json.ts'
import type { HookMessage } from '../protocol/client/index.ts'
import type { SessionEvent } from '../session/events.ts'

/** The tag of one of the messages that carry a hook. */
export type HookType = HookMessage['type']

export interface Hook {
  readonly type: HookType
  readonly sessionId: string
  /** Claude's own name of the event, such as `PreToolUse`. */
  readonly event: string
  /** Everything that was posted: Claude's keys as this version of it writes them, and those of the hook script. */
  readonly body: JsonObject
}

/** How a hook reached us. */
export interface Delivery {
  /** Unique in its session and equal when the same event is delivered twice; null when there is none. */
  readonly eventId: string | null
  /** Whether the sender holds the line for an answer. */
  readonly waiting: boolean
  /** Whether this very event was delivered before: whoever waits asks once more, and nothing else is news. */
  readonly repeated: boolean
  /** Whether the session's transcript is read, so that it will tell of tools and of the words between them, too. */
  readonly transcribed?: boolean
  /** Whether nothing but hooks will ever tell of the conversation. */
  readonly untold?: boolean
}

/** What a hook means to its session, beyond the facts that every hook carries. */
export type HookTranslation = (hook: Hook, delivery: Delivery) => readonly SessionEvent[]

/** The hook of a post, or null when it names no session. */
export function hookOf(type: HookType, body: unknown): Hook | null {
  if (!isJsonObject(body)) return null
  const sessionId = textAt(body, 'session_id')
  return sessionId === null ? null : { type, sessionId, event: eventName(type, body), body }
}

/** The subagent inside which the hook fired; null on the main thread, also in a session started as an agent. */
export function agentIdOf(hook: Hook): string | null {
  return textAt(hook.body, 'agent_id')
}

function eventName(type: HookType, body: JsonObject): string {
  if (type === 'claude_session_start') return 'SessionStart'
  if (type === 'claude_session_end') return 'SessionEnd'
  return textAt(body, 'hook_event_name') ?? ''
}
