/** Tool calls as they begin and end. */
import { agentResult, startsAgent, wokenAgent } from '../../lib/claude-agents.ts'
import { taskChange } from '../../lib/claude-tasks.ts'
import { readableOutput } from '../../lib/claude-tool-output.ts'
import { countAt, jsonText, objectAt, objectsAt, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { agentIdOf, type Hook, type HookTranslation } from '../hook.ts'

export const toolHooks: Readonly<Record<string, HookTranslation>> = {
  PreToolUse: (hook, { transcribed }) => [
    { type: 'tool_started', ...toolCall(hook), ...(transcribed ? { transcribed } : {}) },
  ],
  PostToolUse: (hook) => [
    ...launchEvents(hook),
    ...planEvents(hook),
    finished(hook, {
      output: readableOutput(hook.body.tool_response),
      isError: false,
      interrupted: objectAt(hook.body, 'tool_response').interrupted === true,
    }),
  ],
  PostToolUseFailure: (hook) => [
    finished(hook, {
      output: textAt(hook.body, 'error'),
      isError: true,
      interrupted: hook.body.is_interrupt === true,
    }),
  ],
  /** The classifier of the automatic mode said no. */
  PermissionDenied: (hook) => [
    finished(hook, { output: textAt(hook.body, 'reason'), isError: true, interrupted: false }),
  ],
  PostToolBatch: (hook) => {
    const toolUseIds = objectsAt(hook.body, 'tool_calls').flatMap((call) => textAt(call, 'tool_use_id') ?? [])
    return toolUseIds.length === 0 ? [] : [{ type: 'tools_settled', toolUseIds }]
  },
}

type ToolFinished = Extract<SessionEvent, { type: 'tool_finished' }>

function toolCall(hook: Hook) {
  return {
    toolUseId: textAt(hook.body, 'tool_use_id'),
    name: textAt(hook.body, 'tool_name') ?? 'unknown',
    input: jsonText(hook.body.tool_input),
    agentId: agentIdOf(hook),
  }
}

function finished(hook: Hook, end: Pick<ToolFinished, 'output' | 'isError' | 'interrupted'>): ToolFinished {
  return { type: 'tool_finished', ...toolCall(hook), ...end, durationMs: countAt(hook.body, 'duration_ms') }
}

/** A call that started an agent: it works in the background now, or has done what it was started for. */
function launchEvents(hook: Hook): readonly SessionEvent[] {
  const call = toolCall(hook)
  const woken = wokenAgent(call.name, objectAt(hook.body, 'tool_input'), hook.body.tool_response)
  if (woken !== null) return [{ type: 'subagent_resumed', agentId: woken }]
  const result = startsAgent(call.name) ? agentResult(hook.body.tool_response) : null
  if (result === null) return []
  const input = objectAt(hook.body, 'tool_input')
  const { agentId, background, lastMessage } = result
  const told = {
    agentId,
    agentType: result.agentType ?? textAt(input, 'subagent_type'),
    description: textAt(input, 'description'),
    toolUseId: call.toolUseId,
    parentId: call.agentId,
    background,
  }
  if (background) return [{ type: 'subagent_started', ...told }]
  return [{ type: 'subagent_stopped', ...told, transcriptPath: null, outcome: 'completed', lastMessage }]
}

/** A call that changed Claude's list of tasks. The todos of a subagent are its own. */
function planEvents(hook: Hook): readonly SessionEvent[] {
  const { name, toolUseId, agentId } = toolCall(hook)
  const { body } = hook
  const change = taskChange(name, objectAt(body, 'tool_input'), body.tool_response)
  return change === null || (agentId !== null && name === 'TodoWrite')
    ? []
    : [{ type: 'plan_changed', change, toolUseId }]
}
