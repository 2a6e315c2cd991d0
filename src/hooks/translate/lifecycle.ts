/** The session as a whole: its end, its compactions, its directory, its model. The start is nothing but a description. */
import { textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { agentIdOf, type Delivery, type Hook, type HookTranslation } from '../hook.ts'

const TURN_OVER = { type: 'turn_completed', lastMessage: null, background: false } as const

export const lifecycleHooks: Readonly<Record<string, HookTranslation>> = {
  SessionEnd: (hook) => [{ type: 'session_ended', reason: textAt(hook.body, 'reason') ?? 'hook_session_end' }],
  // A subagent compacts a context of its own.
  PreCompact: (hook) => (agentIdOf(hook) === null ? [{ type: 'compaction_started' }] : []),
  PostCompact: (hook, delivery) => (agentIdOf(hook) === null ? compacted(hook, delivery) : []),
  CwdChanged: (hook) => {
    const cwd = agentIdOf(hook) === null ? textAt(hook.body, 'new_cwd') : null
    return cwd === null ? [] : [{ type: 'environment_reported', cwd }]
  },
  PostModelSwitch: (hook) => {
    const model = textAt(hook.body, 'to_model')
    return model === null ? [] : [{ type: 'model_reported', model }]
  },
}

function compacted({ body }: Hook, { transcribed }: Delivery): readonly SessionEvent[] {
  // What a person asks for is a turn of its own; otherwise one goes on.
  const isTurn = textAt(body, 'trigger') === 'manual'
  return [{ type: 'context_compacted', ...(transcribed ? { transcribed } : {}) }, ...(isTurn ? [TURN_OVER] : [])]
}
