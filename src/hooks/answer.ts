/** What a waiting permission hook prints, so that Claude does as a person decided. */
import { isJsonObject, type JsonObject, jsonText, parseJson } from '../lib/json.ts'
import type { Decision, PendingApproval } from '../session/state.ts'
import { answersTo } from './question-answers.ts'

/** Said to the model when the person gave no reason. */
const DENIED = 'The user denied this request.'

/** Words with which a plan is approved where it was put as a question; every other answer is feedback on the plan. */
const PLAN_APPROVALS = new Set(['approve', 'approved', 'yes'])

/** What Claude 2.1.197 and 2.1.329 read as an answer, from a `PermissionRequest` hook and on their standard input. */
export type PermissionDecision =
  | { readonly behavior: 'allow'; readonly updatedInput?: JsonObject; readonly updatedPermissions?: readonly unknown[] }
  | { readonly behavior: 'deny'; readonly message: string; readonly interrupt?: true }

/**
 * The output of the hook that waits for this approval: one line of JSON. Only the `approved…` verdicts and answers
 * to questions allow anything. Permissions that Claude suggested are granted for the session or as they are, which
 * may write the settings of the project; an input that is no JSON object is left as the agent made it.
 */
export function hookAnswer(approval: PendingApproval, decision: Decision): string {
  const output = { hookEventName: 'PermissionRequest', decision: permissionDecision(approval, decision) }
  return JSON.stringify({ hookSpecificOutput: output })
}

/** What Claude is told that a person decided. */
export function permissionDecision(approval: PendingApproval, decision: Decision): PermissionDecision {
  switch (decision.verdict) {
    case 'approved':
      return allow(approval, decision)
    case 'approved_for_session':
      return allow(approval, decision, suggestions(approval).map(forSession))
    case 'approved_always':
      return allow(approval, decision, suggestions(approval))
    case 'answered':
      return answer(approval, decision)
    case 'denied':
      return deny(decision, decision.interrupt)
    case 'abort':
      return deny(decision, true)
  }
}

function allow(
  approval: PendingApproval,
  { updatedInput }: Decision,
  permissions: readonly unknown[] = [],
): PermissionDecision {
  // 2.1.329 leaves the dialog of a plan open unless its input comes back with the permission.
  const given = updatedInput ?? (approval.toolName === 'ExitPlanMode' ? approval.toolInput : null)
  const input = given === null ? null : parseJson(given)
  return {
    behavior: 'allow',
    ...(isJsonObject(input) ? { updatedInput: input } : {}),
    ...(permissions.length > 0 ? { updatedPermissions: permissions } : {}),
  }
}

function deny({ message }: Pick<Decision, 'message'>, interrupt: boolean): PermissionDecision {
  return { behavior: 'deny', message: message || DENIED, ...(interrupt ? { interrupt: true } : {}) }
}

function answer(approval: PendingApproval, decision: Decision): PermissionDecision {
  const text = decision.answer ?? ''
  if (approval.toolName === 'ExitPlanMode') {
    const approves = PLAN_APPROVALS.has(text.trim().toLowerCase())
    return approves ? allow(approval, decision) : deny({ message: text }, decision.interrupt)
  }
  const input = parseJson(approval.toolInput ?? '')
  const asked: JsonObject = isJsonObject(input) ? input : {}
  return allow(approval, { ...decision, updatedInput: jsonText({ ...asked, answers: answersTo(asked, text) }) })
}

function suggestions({ suggestions: text }: PendingApproval): readonly unknown[] {
  const list = parseJson(text ?? '')
  return Array.isArray(list) ? list : []
}

/** The same permission, forgotten when the session ends. */
function forSession(permission: unknown): unknown {
  return isJsonObject(permission) ? { ...permission, destination: 'session' } : permission
}
