/** Agents that a session starts. */
import { textAt } from '../../lib/json.ts'
import { agentIdOf, type Hook, type HookTranslation } from '../hook.ts'

export const subagentHooks: Readonly<Record<string, HookTranslation>> = {
  SubagentStart: (hook) => {
    const agentId = agentIdOf(hook)
    if (agentId === null || isCompaction(hook)) return []
    return [{ type: 'subagent_started', agentId, agentType: textAt(hook.body, 'agent_type') }]
  },
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
      },
    ]
  },
}

/** Compaction runs as an agent of no type that stops without ever having started. */
function isCompaction(hook: Hook): boolean {
  return hook.body.agent_type === ''
}
