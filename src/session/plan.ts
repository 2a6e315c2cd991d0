/** Plans as the app reads them: a JSON list of steps. */
import { isJsonObject, parseJson } from '../lib/json.ts'

/** Whether a text is a JSON list of `{step, status}`. */
export function isPlanOfSteps(text: string): boolean {
  const steps = parseJson(text)
  return Array.isArray(steps) && steps.every((step) => isJsonObject(step) && typeof step.step === 'string')
}
