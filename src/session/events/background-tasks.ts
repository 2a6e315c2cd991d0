/** What the agent runs beside the conversation. */
import { withTask, withTasksEnded, withTasksListed } from '../background-tasks.ts'
import { stay } from '../change.ts'
import type { EventRules } from '../rules.ts'

export const backgroundTaskEvents = {
  background_task_started: (state, { task }, now) => stay(withTask(state, task, now)),
  background_task_ended: (state, { id, outcome }, now) =>
    stay(withTasksEnded(state, (task) => task.id === id, outcome, now)),
  background_tasks_listed: (state, { tasks, gone }, now) => stay(withTasksListed(state, tasks, gone, now)),
} satisfies Partial<EventRules>
