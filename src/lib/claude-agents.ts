/** What Claude says of the agents that it starts, shared by its hooks and its transcripts. */
import { isJsonObject, type JsonObject, objectsAt, textAt } from './json.ts'

/** Tools that start an agent; older versions call theirs Task. */
const LAUNCHERS: ReadonlySet<string> = new Set(['Agent', 'Task'])

export interface AgentResult {
  readonly agentId: string
  readonly agentType: string | null
  /** Whether the agent has only been started, and reports later. */
  readonly background: boolean
  /** Its last words; null while it works. */
  readonly lastMessage: string | null
}

/** Whether a tool starts an agent. */
export function startsAgent(tool: string): boolean {
  return LAUNCHERS.has(tool)
}

/** The structured result of a tool that starts agents; null for any other. */
export function agentResult(result: unknown): AgentResult | null {
  if (!isJsonObject(result)) return null
  const agentId = textAt(result, 'agentId')
  if (agentId === null) return null
  const background = result.isAsync === true || result.status === 'async_launched'
  const lastMessage = background ? null : lastText(result)
  return { agentId, agentType: textAt(result, 'agentType'), background, lastMessage }
}

/** Later versions put a note about the tools in front of the words. */
function lastText(result: JsonObject): string | null {
  const texts = objectsAt(result, 'content').flatMap((block) => textAt(block, 'text') ?? [])
  return texts.at(-1) ?? null
}

/** Whether calls of this tool write to agents, which wakes those that have ended. */
export function wakesAgents(tool: string): boolean {
  return tool === 'SendMessage'
}

/** To whom a successful call wrote; null for calls of other tools. `result` as it is structured. */
export function wokenAgent(tool: string, input: JsonObject, result: unknown): string | null {
  if (!wakesAgents(tool) || !isJsonObject(result) || result.success === false) return null
  return textAt(result, 'resumedAgentId') ?? textAt(input, 'to')
}
