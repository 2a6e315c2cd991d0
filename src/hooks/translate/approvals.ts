/** Permission requests: commands, edits, questions and plans that wait for a person. */
import { type JsonObject, jsonText, objectAt, objectsAt, textAt } from '../../lib/json.ts'
import { shorten } from '../../lib/shorten.ts'
import type { SessionEvent } from '../../session/events.ts'
import type { ApprovalKind } from '../../session/state.ts'
import { agentIdOf, type HookTranslation } from '../hook.ts'
import { editDiff } from './edit-diff.ts'

/** Characters of a tool's input in the one line that stands for a call which is no shell command. */
const INPUT_CHARS_MAX = 200

export const approvalHooks: Readonly<Record<string, HookTranslation>> = {
  PermissionRequest: (hook, delivery) => {
    const toolName = textAt(hook.body, 'tool_name') ?? 'unknown'
    const { permission_suggestions: suggestions, tool_input: toolInput } = hook.body
    return [
      {
        type: 'approval_requested',
        // Claude names none: the session matches the newest open call of the same tool and input.
        requestId: null,
        toolName,
        toolInput: jsonText(toolInput),
        ...approvalSubject(toolName, objectAt(hook.body, 'tool_input')),
        proposedAmendment: null,
        suggestions: Array.isArray(suggestions) && suggestions.length > 0 ? jsonText(suggestions) : null,
        agentId: agentIdOf(hook),
        eventId: delivery.eventId,
        answerable: delivery.waiting && delivery.eventId !== null,
      },
    ]
  },
}

type ApprovalRequested = Extract<SessionEvent, { type: 'approval_requested' }>
export type ApprovalSubject = Pick<ApprovalRequested, 'kind' | 'command' | 'filePath' | 'diff' | 'question' | 'plan'>

const nothing = { command: null, filePath: null, diff: null, question: null, plan: null }

const kinds: ReadonlyMap<string, ApprovalKind> = new Map([
  ['AskUserQuestion', 'question'],
  ['ExitPlanMode', 'question'],
  ['Edit', 'patch'],
  ['MultiEdit', 'patch'],
  ['Write', 'patch'],
  ['NotebookEdit', 'patch'],
])

/** What a person has to look at before answering a request to use a tool. */
export function approvalSubject(toolName: string, input: JsonObject): ApprovalSubject {
  const kind = kinds.get(toolName) ?? 'exec'
  if (kind === 'patch') {
    const filePath = textAt(input, 'file_path') ?? textAt(input, 'notebook_path')
    return { ...nothing, kind, filePath, diff: editDiff(toolName, input) }
  }
  if (toolName === 'ExitPlanMode') {
    const plan = textAt(input, 'plan')
    return { ...nothing, kind, plan, question: plan === null ? 'Approve the plan?' : `Approve this plan?\n\n${plan}` }
  }
  if (kind === 'question') return { ...nothing, kind, question: questionText(input) }
  return { ...nothing, kind, command: commandText(toolName, input) }
}

/** All questions of one dialog; older tools ask one under `question`. */
function questionText(input: JsonObject): string | null {
  const questions = objectsAt(input, 'questions').flatMap((question) => textAt(question, 'question') ?? [])
  return questions.length > 0 ? questions.join('\n') : textAt(input, 'question')
}

function commandText(toolName: string, input: JsonObject): string {
  const command = textAt(input, 'command')
  if (command !== null) return command
  const line = jsonText(input) ?? '{}'
  return line === '{}' ? toolName : `${toolName} ${shorten(line, INPUT_CHARS_MAX)}`
}
