/** Agents that a session starts. */
import { textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { agentIdOf, type Hook, type HookTranslation } from '../hook.ts'

export const subagentHooks: Readonly<Record<string, HookTranslation>> = {
  SubagentStart: (hook) => insideEvents(hook),
  SubagentStop: (hook) => {
    const agentId = agentIdOf(hook)
    if (agentId === null || isCompaction(hook)) return []
    const { body } = hook
    return [
      {
        type: 'subagent_stopped',
        agentId,
        agentType: textAt(body, 'agent_type'),
        transcriptPath: textAt(body, 'agent_transcript_path'),
        lastMessage: textAt(body, 'last_assistant_message'),
      },
    ]
  },
}

/** Whatever fires inside a subagent shows that it runs; its start may have been lost. */
export function insideEvents(hook: Hook): readonly SessionEvent[] {
  const agentId = agentIdOf(hook)
  if (agentId === null || isCompaction(hook)) return []
  return [{ type: 'subagent_started', agentId, agentType: textAt(hook.body, 'agent_type') }]
}

/** Compaction runs as an agent of no type that stops without ever having started. */
function isCompaction(hook: Hook): boolean {
  return hook.body.agent_type === ''
}
