/** Plans as the app reads them: a JSON list of steps. */
import type { TaskChange, TaskReport, TaskStatus } from '../lib/claude-tasks.ts'
import { isJsonObject, parseJson, textAt } from '../lib/json.ts'
import { PLAN_STEPS_MAX } from './limits.ts'

/** Clients know `step` and `status`; the id is the agent's own, by which it changes a step. */
interface PlanStep {
  readonly step: string
  readonly status: TaskStatus
  readonly id: string
}

const STATUSES: readonly TaskStatus[] = ['pending', 'inProgress', 'completed']

/** Whether a text is a JSON list of `{step, status}`. */
export function isPlanOfSteps(text: string): boolean {
  const steps = parseJson(text)
  return Array.isArray(steps) && steps.every((step) => isJsonObject(step) && typeof step.step === 'string')
}

/** The plan, as JSON text, after its agent changed it; null when nothing is left. Steps without ids give way to others. */
export function changedPlan(plan: string | null, change: TaskChange): string | null {
  const steps =
    change.kind === 'one' ? withTask(stepsOf(plan), change.task) : change.tasks.reduce(withTask, [] as PlanStep[])
  return steps.length === 0 ? null : JSON.stringify(steps.slice(0, PLAN_STEPS_MAX))
}

function withTask(steps: readonly PlanStep[], { id, subject, status }: TaskReport): readonly PlanStep[] {
  const at = steps.findIndex((step) => step.id === id)
  const known = steps[at]
  if (status === 'removed') return known ? steps.toSpliced(at, 1) : steps
  const step = subject ?? known?.step ?? `Task ${id}`
  const next = { step, status: status ?? known?.status ?? 'pending', id }
  return known ? steps.with(at, next) : [...steps, next]
}

function stepsOf(plan: string | null): readonly PlanStep[] {
  const steps = parseJson(plan ?? '')
  if (!Array.isArray(steps)) return []
  return steps.filter(isJsonObject).flatMap((told) => {
    const [step, id] = [textAt(told, 'step'), textAt(told, 'id')]
    const status = STATUSES.find((known) => known === told.status) ?? 'pending'
    return step === null || id === null ? [] : [{ step, status, id }]
  })
}
