/** The session as a whole: its end, its compactions, its directory, its model. The start is nothing but a description. */
import { textAt } from '../../lib/json.ts'
import { agentIdOf, type HookTranslation } from '../hook.ts'

const TURN_OVER = { type: 'turn_completed', lastMessage: null, background: false } as const

export const lifecycleHooks: Readonly<Record<string, HookTranslation>> = {
  SessionEnd: (hook) => [{ type: 'session_ended', reason: textAt(hook.body, 'reason') ?? 'hook_session_end' }],
  PreCompact: () => [{ type: 'compaction_started' }],
  PostCompact: ({ body }) => [
    { type: 'context_compacted' },
    // What a person asks for is a turn of its own; otherwise one goes on.
    ...(textAt(body, 'trigger') === 'manual' ? [TURN_OVER] : []),
  ],
  CwdChanged: (hook) => {
    const cwd = agentIdOf(hook) === null ? textAt(hook.body, 'new_cwd') : null
    return cwd === null ? [] : [{ type: 'environment_reported', cwd }]
  },
  PostModelSwitch: (hook) => {
    const model = textAt(hook.body, 'to_model')
    return model === null ? [] : [{ type: 'model_reported', model }]
  },
}
