/** The tool calls that a session remembers: those of the open turn and of the one before. */
import { sameJson } from './canonical-json.ts'
import { withNewest } from './change.ts'
import { FINISHED_INPUT_CHARS_MAX, TURN_TOOLS_MAX } from './limits.ts'
import type { SessionState, ToolCall } from './state.ts'

type Calls = Pick<SessionState, 'tools' | 'previousTools'>

/** The call with the agent's id, of this or the previous turn. */
export function callWithId({ tools, previousTools }: Calls, toolUseId: string): ToolCall | undefined {
  const hasId = (call: ToolCall) => call.toolUseId === toolUseId
  return tools.findLast(hasId) ?? previousTools.findLast(hasId)
}

/** The calls of the session with this one, which an earlier process may have counted. */
export function countWith({ id, toolCount, countedRows }: SessionState, toolUseId: string | null): number {
  return toolUseId !== null && countedRows.includes(`${id}:${toolUseId}`) ? toolCount : toolCount + 1
}

/** Whether the call belongs to the open turn. */
export function isOfOpenTurn({ tools }: Calls, call: ToolCall): boolean {
  return tools.includes(call)
}

/** The newest call of that tool which still runs, on the main thread (`agentId` null) or in a subagent. */
export function openCallNamed({ tools }: Calls, name: string, agentId: string | null): ToolCall | undefined {
  return tools.findLast((call) => !call.finished && call.name === name && call.agentId === agentId)
}

/** Adds a call. Outside a turn it belongs to the last one: nothing new has begun. */
export function withCall(state: SessionState, call: ToolCall): SessionState {
  const list = state.currentTurnId === null ? 'previousTools' : 'tools'
  return { ...state, [list]: withNewest(state[list], call, TURN_TOOLS_MAX) }
}

/** Puts `next` in the place of `call`. */
export function withCallReplaced(state: SessionState, call: ToolCall, next: ToolCall): SessionState {
  const list = isOfOpenTurn(state, call) ? 'tools' : 'previousTools'
  return { ...state, [list]: state[list].map((known) => (known === call ? next : known)) }
}

/** The call once it is over. */
export function finished(call: ToolCall, resultKnown: boolean): ToolCall {
  const { input } = call
  return {
    ...call,
    finished: true,
    resultKnown: call.resultKnown || resultKnown,
    input: input !== null && input.length > FINISHED_INPUT_CHARS_MAX ? null : input,
  }
}

/** What a request for permission says about the call that it is for; such requests carry no id. */
interface CallDescription {
  readonly toolName: string | null
  readonly toolInput: string | null
  readonly agentId: string | null
}

/**
 * The call that a request is for: the newest with the same tool and input that still runs, best one that nobody has asked
 * about yet. If there is none, the newest that is over: then the request comes too late. Calls of the previous turn count as
 * long as no other has begun.
 */
export function callOfRequest(state: SessionState, request: CallDescription): ToolCall | undefined {
  const calls = state.currentTurnId === null ? state.previousTools : state.tools
  const equal = calls.filter((call) => isCallOf(call, request))
  const isAskedAbout = ({ toolUseId }: ToolCall) => state.approvals.some((approval) => approval.toolUseId === toolUseId)
  return (
    equal.findLast((call) => !call.finished && !isAskedAbout(call)) ??
    equal.findLast((call) => !call.finished) ??
    equal.at(-1)
  )
}

function isCallOf(call: ToolCall, { toolName, toolInput, agentId }: CallDescription): boolean {
  if (call.name !== toolName || call.agentId !== agentId) return false
  if (toolInput === null) return !call.finished
  return call.input !== null && sameJson(call.input, toolInput)
}
