/** Reads the body of a hook post. */
import { isJsonObject, parseJson } from '../lib/json.ts'
import { ClientMessage, HookMessage } from '../protocol/client/index.ts'
import { eventIdOf } from './event-id.ts'
import { type Hook, hookOf } from './hook.ts'

export type ParsedHook =
  | { readonly ok: true; readonly hook: Hook; readonly eventId: string | null }
  /** The HTTP status to answer with, and why. */
  | { readonly ok: false; readonly status: 400 | 422; readonly reason: string }

/**
 * The hook that a body holds. Only a missing required key refuses it: payloads of any version of the CLI are welcome.
 * Refused with 400 what is not JSON or is a message for the socket, with 422 what is neither that nor a hook.
 */
export function parseHook(text: string): ParsedHook {
  const body = parseJson(text)
  if (body === undefined) return { ok: false, status: 400, reason: 'The body is not JSON.' }
  const parsed = HookMessage.safeParse(body)
  const hook = parsed.success ? hookOf(parsed.data.type, body) : null
  if (hook !== null) return { ok: true, hook, eventId: eventIdOf(hook) }
  if (!isHookType(body) && ClientMessage.safeParse(body).success) {
    return { ok: false, status: 400, reason: 'The body is no hook: this message belongs on the socket.' }
  }
  return {
    ok: false,
    status: 422,
    reason: `The body is no hook: ${parsed.success ? 'session_id is empty' : firstIssue(parsed.error)}.`,
  }
}

const hookTypes: ReadonlySet<unknown> = new Set(HookMessage.options.map((option) => option.shape.type.value))

function isHookType(body: unknown): boolean {
  return isJsonObject(body) && hookTypes.has(body.type)
}

/** Names the key, never its value: bodies hold prompts. */
function firstIssue({
  issues: [issue],
}: {
  readonly issues: readonly { path: PropertyKey[]; code: string }[]
}): string {
  return issue === undefined ? 'unreadable' : `${issue.path.map(String).join('.') || 'body'} (${issue.code})`
}
