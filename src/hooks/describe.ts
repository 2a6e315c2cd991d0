/** The facts about a session that every hook of it carries. */
import { type JsonObject, objectAt, textAt } from '../lib/json.ts'
import type { SessionEvent } from '../session/events.ts'
import { agentIdOf, type Hook } from './hook.ts'

export type SessionDescribed = Extract<SessionEvent, { type: 'session_described' }>

/** Where turns begin and end. Hooks within a turn come out of order, so that one may tell of a directory that was left. */
const TURN_BOUNDS: ReadonlySet<string> = new Set(['UserPromptSubmit', 'Stop', 'StopFailure'])

/** What the hook knows about its session; a quiet description alone lists nothing. */
export function describeSession(hook: Hook, quiet: boolean): SessionDescribed {
  const { body } = hook
  const onMainThread = agentIdOf(hook) === null
  return {
    type: 'session_described',
    quiet,
    ...fact('cwd', textAt(body, 'cwd')),
    ...(onMainThread && TURN_BOUNDS.has(hook.event) ? { atTurnBound: true } : {}),
    ...fact('transcriptPath', textAt(body, 'transcript_path')),
    ...fact('terminalSessionId', textAt(body, 'terminal_session_id')),
    ...fact('terminalApp', textAt(body, 'terminal_app')),
    ...fact('agentType', onMainThread ? textAt(body, 'agent_type') : null),
    ...fact('effort', onMainThread ? textAt(objectAt(body, 'effort'), 'level') : null),
  }
}

/** What only the start of a session tells. */
export function describeStart(hook: Hook): SessionDescribed {
  const { body } = hook
  return {
    ...describeSession(hook, true),
    ...fact('source', textAt(body, 'source')),
    ...fact('model', modelName(body)),
    ...fact('contextLabel', textAt(body, 'context_label')),
    ...fact('permissionMode', textAt(body, 'permission_mode')),
  }
}

/** Some versions describe the model with an object. */
export function modelName(body: JsonObject): string | null {
  const model = objectAt(body, 'model')
  return textAt(body, 'model') ?? textAt(model, 'id') ?? textAt(model, 'display_name')
}

/** The permission mode in which the main thread works. Switching it fires no hook, so the next event brings the news. */
export function permissionModeEvents(hook: Hook): readonly SessionEvent[] {
  const mode = agentIdOf(hook) === null ? textAt(hook.body, 'permission_mode') : null
  return mode === null ? [] : [{ type: 'permission_mode_reported', mode }]
}

function fact<Key extends string>(key: Key, value: string | null): { readonly [K in Key]?: string } {
  return value === null ? {} : ({ [key]: value } as { [K in Key]: string })
}
