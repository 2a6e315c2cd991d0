/** Agents that the agent starts: what a session remembers of them. */
import { startsAgent } from '../lib/claude-agents.ts'
import { isJsonObject, parseJson, textAt } from '../lib/json.ts'
import type { SubagentFacts } from './events.ts'
import { LATE_EVENT_MS, SUBAGENTS_MAX } from './limits.ts'
import { lastMessageOf } from './naming.ts'
import type { SessionState, Subagent, SubagentOutcome, ToolCall } from './state.ts'
import { callWithId } from './tool-calls.ts'

/** Everything that a report may say of a subagent. */
interface Told extends SubagentFacts {
  readonly agentType: string | null
  readonly transcriptPath?: string | null
}

/** How a subagent ended. */
export interface SubagentEnd {
  readonly outcome: SubagentOutcome | null
  readonly lastMessage: string | null
  /** Unix milliseconds. */
  readonly at: number
}

/**
 * A subagent runs at `at`, in Unix milliseconds. One that had ended goes on, unless the report may only have been on its way
 * when it ended.
 */
export function withRunning(state: SessionState, id: string, told: Told, at: number): SessionState {
  const known = state.subagents.find((subagent) => subagent.id === id)
  if (!known) return put(state, completed(state, newSubagent(state, id, told, at), told))
  const goesOn = known.endedAt !== null && at - known.endedAt > LATE_EVENT_MS
  return put(state, completed(state, goesOn ? { ...known, endedAt: null, outcome: null } : known, told))
}

/** A subagent that had ended before `at`, in Unix milliseconds, goes on in the background; any other is left as it is. */
export function withResumed(state: SessionState, id: string, at: number): SessionState {
  const known = state.subagents.find((subagent) => subagent.id === id)
  if (!known || known.endedAt === null || at < known.endedAt) return state
  return put(state, { ...known, endedAt: null, outcome: null, background: true })
}

/**
 * A subagent is over. When it ended is told once; its last words may be told later, and that it did not complete: not every
 * source knows.
 */
export function withStopped(state: SessionState, id: string, told: Told, end: SubagentEnd): SessionState {
  const known = state.subagents.find((subagent) => subagent.id === id) ?? newSubagent(state, id, told, end.at)
  const outcome = known.outcome === null || known.outcome === 'completed' ? (end.outcome ?? 'completed') : known.outcome
  const lastMessage = lastMessageOf(end.lastMessage ?? '') ?? known.lastMessage
  const over = { ...known, endedAt: known.endedAt ?? end.at, outcome, lastMessage }
  return put(state, completed(state, same(known, over) ? known : over, told))
}

/** Ends those among the running that are meant. */
export function withAllStopped(
  state: SessionState,
  isMeant: (subagent: Subagent) => boolean,
  outcome: SubagentOutcome,
  at: number,
): SessionState {
  const isOver = (subagent: Subagent) => subagent.endedAt === null && isMeant(subagent)
  if (!state.subagents.some(isOver)) return state
  const end = (subagent: Subagent) => (isOver(subagent) ? { ...subagent, endedAt: at, outcome } : subagent)
  return withList(state, state.subagents.map(end))
}

/** Counts a call that a subagent makes; nothing for one of the main thread. */
export function withCallOf(state: SessionState, agentId: string | null, tool: string): SessionState {
  const known = agentId === null ? undefined : state.subagents.find(({ id }) => id === agentId)
  return known ? put(state, { ...known, toolCount: known.toolCount + 1, lastTool: tool }) : state
}

/** The subagent that a call started. */
export function subagentOfCall({ subagents }: SessionState, toolUseId: string): Subagent | undefined {
  return subagents.find((subagent) => subagent.toolUseId === toolUseId)
}

/** Whether its end is the end of the call, or of the turn, that started it. */
export function isForeground({ background }: Subagent): boolean {
  return !background
}

function newSubagent(state: SessionState, id: string, told: Told, startedAt: number): Subagent {
  const call = told.toolUseId ? undefined : onlyLaunch(state)
  return {
    id,
    agentType: told.agentType || 'unknown',
    description: null,
    toolUseId: call?.toolUseId ?? null,
    parentId: null,
    background: false,
    transcriptPath: null,
    startedAt,
    endedAt: null,
    outcome: null,
    lastMessage: null,
    toolCount: 0,
    lastTool: null,
  }
}

/** The call that must have started it, as nothing else can have: what starts and what is started is told apart. */
function onlyLaunch(state: SessionState): ToolCall | undefined {
  const isFree = ({ toolUseId, name, finished }: ToolCall) =>
    !finished && startsAgent(name) && toolUseId !== null && !subagentOfCall(state, toolUseId)
  const [first, ...others] = state.tools.filter(isFree)
  return others.length === 0 ? first : undefined
}

/** With what is told now, and what the call says that started it. */
function completed(state: SessionState, known: Subagent, told: Told): Subagent {
  const toolUseId = told.toolUseId ?? known.toolUseId
  const call = toolUseId === null ? undefined : callWithId(state, toolUseId)
  const asked = parseJson(call?.input ?? '')
  const input = isJsonObject(asked) ? asked : {}
  const next = {
    ...known,
    agentType: told.agentType || known.agentType,
    description: told.description ?? known.description ?? textAt(input, 'description'),
    toolUseId,
    parentId: told.parentId ?? known.parentId ?? call?.agentId ?? null,
    background: told.background ?? (known.background || input.run_in_background === true),
    transcriptPath: told.transcriptPath ?? known.transcriptPath,
  }
  return same(known, next) ? known : next
}

function same(known: Subagent, next: Subagent): boolean {
  return (Object.keys(next) as (keyof Subagent)[]).every((key) => known[key] === next[key])
}

function put(state: SessionState, subagent: Subagent): SessionState {
  const at = state.subagents.findIndex(({ id }) => id === subagent.id)
  if (state.subagents[at] === subagent) return state
  return withList(
    state,
    at < 0 ? [...state.subagents, subagent].slice(-SUBAGENTS_MAX) : state.subagents.with(at, subagent),
  )
}

/** The one that started last and still runs is the active one. */
function withList(state: SessionState, subagents: readonly Subagent[]): SessionState {
  const active = state.phase.name === 'ended' ? undefined : subagents.findLast(({ endedAt }) => endedAt === null)
  return { ...state, subagents, activeSubagentId: active?.id ?? null, activeSubagentType: active?.agentType ?? null }
}
