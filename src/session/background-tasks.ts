/** What an agent runs beside the conversation, shells and subagents alike: the tasks that a session remembers. */
import type { BackgroundTask as WireTask } from '../protocol/model/claude.ts'
import type { ToldTask } from './events.ts'
import { BACKGROUND_TASKS_MAX, TASK_DESCRIPTION_CHARS_MAX } from './limits.ts'
import type { BackgroundTask, SessionState, SubagentOutcome } from './state.ts'
import { cutText } from './text.ts'
import { unixSeconds } from './times.ts'

/** A task runs; nothing new of one that is known. */
export function withTask(
  state: SessionState,
  { id, kind, description, toolUseId }: ToldTask,
  now: number,
): SessionState {
  if (state.backgroundTasks.some((task) => task.id === id)) return state
  const shown = cutText(description, TASK_DESCRIPTION_CHARS_MAX)
  const task = { id, kind, description: shown, toolUseId, startedAt: now, endedAt: null, outcome: null }
  return { ...state, backgroundTasks: newest([...state.backgroundTasks, task]) }
}

/** The tasks that are meant are over, of those that run. */
export function withTasksEnded(
  state: SessionState,
  isMeant: (task: BackgroundTask) => boolean,
  outcome: SubagentOutcome,
  now: number,
): SessionState {
  const isOver = (task: BackgroundTask) => task.endedAt === null && isMeant(task)
  if (!state.backgroundTasks.some(isOver)) return state
  const backgroundTasks = state.backgroundTasks.map((task) =>
    isOver(task) ? { ...task, endedAt: now, outcome } : task,
  )
  return { ...state, backgroundTasks }
}

/** These run, and no others; how those ended that are gone is said by `outcome`. */
export function withTasksListed(
  state: SessionState,
  running: readonly ToldTask[],
  outcome: SubagentOutcome,
  now: number,
): SessionState {
  const ids = new Set(running.map(({ id }) => id))
  const ended = withTasksEnded(state, ({ id }) => !ids.has(id), outcome, now)
  return running.reduce((current, task) => withTask(current, task, now), withGoingOn(ended, ids))
}

/** Tasks that were thought to be over. */
function withGoingOn(state: SessionState, ids: ReadonlySet<string>): SessionState {
  const goesOn = ({ id, endedAt }: BackgroundTask) => endedAt !== null && ids.has(id)
  if (!state.backgroundTasks.some(goesOn)) return state
  const backgroundTasks = state.backgroundTasks.map((task) =>
    goesOn(task) ? { ...task, endedAt: null, outcome: null } : task,
  )
  return { ...state, backgroundTasks }
}

/** A task as clients see it. */
export function wireTask(task: BackgroundTask): WireTask {
  const { id, kind, description, startedAt, endedAt, outcome, toolUseId } = task
  return {
    id,
    type: kind,
    description,
    status: endedAt === null ? 'running' : (outcome ?? 'completed'),
    started_at: unixSeconds(startedAt),
    ended_at: endedAt === null ? undefined : unixSeconds(endedAt),
    tool_use_id: toolUseId ?? undefined,
  }
}

/** The oldest of those that are over are forgotten first. */
function newest(tasks: readonly BackgroundTask[]): readonly BackgroundTask[] {
  if (tasks.length <= BACKGROUND_TASKS_MAX) return tasks
  const forgotten = tasks.find(({ endedAt }) => endedAt !== null) ?? tasks[0]
  return tasks.filter((task) => task !== forgotten)
}
