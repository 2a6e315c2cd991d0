/** What results of certain calls say beyond their rows: about subagents and about the plan. */
import { agentResult, startsAgent, wakesAgents, wokenAgent } from '../lib/claude-agents.ts'
import { outcomeOf, taskNotification } from '../lib/claude-prompt.ts'
import { taskChange, tellsOfTasks } from '../lib/claude-tasks.ts'
import { isJsonObject, type JsonObject, objectAt, objectsAt, textAt } from '../lib/json.ts'
import { keepNewest } from '../lib/keep-newest.ts'
import type { SessionEvent, SubagentFacts } from '../session/events.ts'
import { OPEN_CALLS_MAX } from './limits.ts'

/** A call whose result matters here. */
interface Call {
  readonly toolUseId: string
  readonly tool: string
  readonly input: JsonObject
  readonly at: { readonly at?: number }
}

type Told = SubagentFacts & { readonly agentId: string; readonly agentType: string | null }

/** Follows the main thread of one transcript; lines of results do not repeat what the call was about. */
export class CallResults {
  /** Without a result, oldest first. */
  readonly #open = new Map<string, Call>()
  /** Agents in the background whose end has not been told, oldest first. */
  readonly #launched = new Map<string, Told>()

  /** What a line says. `live`: written while somebody watched; what was begun before may have ended long ago. */
  read(entry: unknown, live: boolean): readonly SessionEvent[] {
    if (!isJsonObject(entry) || entry.isSidechain === true) return []
    const blocks = objectsAt(objectAt(entry, 'message'), 'content')
    switch (entry.type) {
      case 'assistant':
        for (const block of blocks) this.#begin(block, timeOf(entry))
        return []
      case 'user':
        return [...this.#ended(entry, textAt(objectAt(entry, 'message'), 'content')), ...this.#results(entry, live)]
      case 'queue-operation':
        return this.#ended(entry, textAt(entry, 'content'))
      default:
        return []
    }
  }

  #begin(block: JsonObject, at: Call['at']): void {
    const [toolUseId, tool] = [textAt(block, 'id'), textAt(block, 'name')]
    if (block.type !== 'tool_use' || toolUseId === null || tool === null) return
    if (!startsAgent(tool) && !wakesAgents(tool) && !tellsOfTasks(tool)) return
    keepNewest(this.#open, toolUseId, { toolUseId, tool, input: objectAt(block, 'input'), at }, OPEN_CALLS_MAX)
  }

  #results(entry: JsonObject, live: boolean): readonly SessionEvent[] {
    const results = objectsAt(objectAt(entry, 'message'), 'content').filter(({ type }) => type === 'tool_result')
    return results.flatMap((block) => {
      const call = this.#open.get(textAt(block, 'tool_use_id') ?? '')
      if (!call) return []
      this.#open.delete(call.toolUseId)
      if (block.is_error === true) return live && startsAgent(call.tool) ? [failedLaunch(call, block)] : []
      // The structured result of an entry belongs to its only block.
      const result = results.length === 1 ? entry.toolUseResult : null
      if (startsAgent(call.tool)) return this.#agent(call, result, timeOf(entry), live)
      const woken = live ? wokenAgent(call.tool, call.input, result) : null
      if (woken !== null) return [{ type: 'subagent_resumed', agentId: woken, ...timeOf(entry) }]
      const change = taskChange(call.tool, call.input, result)
      return change === null ? [] : [{ type: 'plan_changed', change, toolUseId: call.toolUseId }]
    })
  }

  #agent(
    { toolUseId, input, at: from }: Call,
    result: unknown,
    at: Call['at'],
    live: boolean,
  ): readonly SessionEvent[] {
    const agent = agentResult(result)
    if (!agent) return []
    const { agentId, background, lastMessage } = agent
    const agentType = agent.agentType ?? textAt(input, 'subagent_type')
    const told: Told = { agentId, agentType, toolUseId, background, description: textAt(input, 'description') }
    const started: SessionEvent = { type: 'subagent_started', ...told, ...from }
    if (background) {
      keepNewest(this.#launched, agentId, told, OPEN_CALLS_MAX)
      return live ? [started] : []
    }
    const end = { transcriptPath: null, outcome: 'completed' as const, lastMessage, ...at }
    return [started, { type: 'subagent_stopped', ...told, ...end }]
  }

  /** The report of a task that ran in the background; those of shells name no agent. */
  #ended(entry: JsonObject, text: string | null): readonly SessionEvent[] {
    const report = taskNotification(text ?? '')
    if (report === null) return []
    const { taskId: agentId, result: lastMessage } = report
    const told = this.#launched.get(agentId) ?? { agentId, agentType: null }
    const end = { transcriptPath: null, outcome: outcomeOf(report), lastMessage, ...timeOf(entry) }
    return [{ type: 'subagent_stopped', ...told, ...end }]
  }
}

/** How the result of a call begins that somebody refused or interrupted. */
const STOPPED = /^(The user doesn't want|\[Request interrupted)/

/** Who was started is not told then. */
function failedLaunch({ toolUseId }: Call, { content }: JsonObject): SessionEvent {
  const outcome = typeof content === 'string' && STOPPED.test(content) ? 'stopped' : 'failed'
  return { type: 'subagent_stopped', agentId: null, agentType: null, transcriptPath: null, toolUseId, outcome }
}

function timeOf(entry: JsonObject): { readonly at?: number } {
  const at = Date.parse(textAt(entry, 'timestamp') ?? '')
  return Number.isNaN(at) ? {} : { at }
}
