/** The lists of tasks that Claude keeps for itself, shared by its hooks and its transcripts. */
import { isJsonObject, type JsonObject, objectAt, objectsAt, textAt } from './json.ts'

export type TaskStatus = 'pending' | 'inProgress' | 'completed'

/** One task; null is unknown, as where only something else about it changed. */
export interface TaskReport {
  readonly id: string
  readonly subject: string | null
  readonly status: TaskStatus | 'removed' | null
}

export type TaskChange =
  /** One task is new, or changed. */
  | { readonly kind: 'one'; readonly task: TaskReport }
  /** These are all of them. */
  | { readonly kind: 'all'; readonly tasks: readonly TaskReport[] }

type Reading = (input: JsonObject, result: JsonObject) => TaskChange | null

/** By tool. Older versions write the whole list with TodoWrite, later ones one task at a time. */
const readings: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ['TodoWrite', (input) => ({ kind: 'all', tasks: objectsAt(input, 'todos').map(todo) })],
  ['TaskList', (_, result) => (Array.isArray(result.tasks) ? { kind: 'all', tasks: listed(result) } : null)],
  ['TaskCreate', (_, result) => one(textAt(objectAt(result, 'task'), 'id'), objectAt(result, 'task'))],
  ['TaskUpdate', (input, result) => (result.success === false ? null : one(textAt(input, 'taskId'), input))],
])

const statuses: ReadonlyMap<unknown, TaskReport['status']> = new Map<unknown, TaskReport['status']>([
  ['pending', 'pending'],
  ['in_progress', 'inProgress'],
  ['completed', 'completed'],
  ['deleted', 'removed'],
])

/** What a successful call says about the list; null where it says nothing. `result` as it is structured. */
export function taskChange(tool: string, input: JsonObject, result: unknown): TaskChange | null {
  return readings.get(tool)?.(input, isJsonObject(result) ? result : {}) ?? null
}

/** Whether calls of this tool say anything about the list. */
export function tellsOfTasks(tool: string): boolean {
  return readings.has(tool)
}

function one(id: string | null, told: JsonObject): TaskChange | null {
  return id === null ? null : { kind: 'one', task: { ...report(told, 'subject'), id } }
}

function listed(result: JsonObject): readonly TaskReport[] {
  return objectsAt(result, 'tasks').flatMap((told) => {
    const id = textAt(told, 'id')
    return id === null ? [] : { ...report(told, 'subject'), id }
  })
}

/** Tasks of older versions have no ids: the whole list comes anew each time. */
function todo(told: JsonObject, index: number): TaskReport {
  return { ...report(told, 'content'), id: String(index + 1) }
}

function report(told: JsonObject, subjectKey: string): Omit<TaskReport, 'id'> {
  return { subject: textAt(told, subjectKey), status: statuses.get(told.status) ?? null }
}
