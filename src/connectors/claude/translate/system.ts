/** Notices of the CLI: what the session can do, in which mode it works, what runs beside it. */
import { countAt, isJsonObject, type JsonObject, listAt, objectAt, parseJson, textAt } from '../../../lib/json.ts'
import type { SessionEvent } from '../../../session/events.ts'
import { rowEvent, rowId, type TranslationContext, turnBegins } from './context.ts'
import { countsOn } from './cost.ts'

type Translation = (body: JsonObject, context: TranslationContext) => readonly SessionEvent[]

export const systemEvents: Readonly<Record<string, Translation>> = {
  init(body, context) {
    const strings = (key: string) => listAt(body, key).filter((item) => typeof item === 'string')
    const conversation = textAt(body, 'session_id')
    const model = textAt(body, 'model')
    if (model !== context.model) context.contextWindow = 0
    context.model = model
    context.countsOn = countsOn(textAt(body, 'claude_code_version'))
    return [
      ...(conversation === null
        ? []
        : [{ type: 'session_described', quiet: true, claudeSdkSessionId: conversation } as const]),
      ...turnBegins(context),
      ...(model === null ? [] : [{ type: 'model_reported', model } as const]),
      ...modeEvents(body, context),
      {
        type: 'capabilities_reported',
        capabilities: {
          slashCommands: strings('slash_commands'),
          skills: strings('skills'),
          tools: strings('tools'),
        },
      },
    ]
  },
  status: (body, context) => [
    ...modeEvents(body, context),
    ...(body.status === 'compacting' ? [{ type: 'compaction_started' } as const] : []),
  ],
  /** The result of the turn says more; only where there was none does this tell that it is over. */
  session_state_changed(body, context) {
    if (body.state !== 'idle' || !context.inTurn || !context.begun) return []
    context.inTurn = false
    return [{ type: 'turn_completed', lastMessage: null, background: hasAgents(context) }]
  },
  compact_boundary: () => [{ type: 'context_compacted' }],
  /** One row for all tries of one request. */
  api_retry(body, context) {
    const content = retryText(body)
    if (context.retryRow !== null) return [{ type: 'message_changed', id: context.retryRow, content }]
    context.retryRow = rowId(context, textAt(body, 'uuid') ?? `retry:${context.now()}`)
    return [rowEvent(context, { id: context.retryRow, type: 'assistant', content, isError: true })]
  },
  task_started(body, context) {
    const id = textAt(body, 'task_id')
    if (id === null) return []
    const isAgent = body.task_type === 'local_agent' || textAt(body, 'subagent_type') !== null
    const toolUseId = textAt(body, 'tool_use_id')
    const isBackground = isBeside(body, toolUseId, context)
    context.tasks.set(id, { id, toolUseId, isAgent, isBackground })
    const agentType = textAt(body, 'subagent_type')
    const description = textAt(body, 'description')
    const background = body.is_backgrounded === true ? { background: true } : {}
    const told = { agentId: id, agentType, toolUseId, description, ...background }
    const task = { id, kind: kindOf(body, isAgent), description: description ?? '', toolUseId }
    return [
      ...(isAgent ? [{ type: 'subagent_started', ...told } as const] : []),
      ...(isBackground ? [{ type: 'background_task_started', task } as const] : []),
    ]
  },
  task_updated: (body, context) =>
    ENDS.has(textAt(objectAt(body, 'patch'), 'status') ?? '') ? taskEnds(body, context) : [],
  task_notification: taskEnds,
  session_title_changed(body) {
    const summary = textAt(body, 'title')
    return summary === null ? [] : [{ type: 'summary_found', summary }]
  },
}

function modeEvents(body: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  const mode = textAt(body, 'permissionMode')
  if (mode === null) return []
  context.permissionMode = mode
  return [{ type: 'permission_mode_reported', mode }]
}

const ENDS: ReadonlySet<string> = new Set(['completed', 'failed', 'killed', 'stopped'])

/** Whether subagents go on behind the turn; a shell there is none of it, since it may serve for days. */
export function hasAgents({ tasks }: TranslationContext): boolean {
  return [...tasks.values()].some(({ isAgent }) => isAgent)
}

function taskEnds(body: JsonObject, context: TranslationContext): readonly SessionEvent[] {
  const task = context.tasks.get(textAt(body, 'task_id') ?? '')
  if (!task) return []
  context.tasks.delete(task.id)
  const status = textAt(body, 'status') ?? textAt(objectAt(body, 'patch'), 'status')
  const outcome = status === 'completed' || status === 'failed' ? status : 'stopped'
  const end = { agentId: task.id, agentType: null, transcriptPath: null, outcome } as const
  return [
    ...(task.isAgent ? [{ type: 'subagent_stopped', ...end } as const] : []),
    ...(task.isBackground ? [{ type: 'background_task_ended', id: task.id, outcome } as const] : []),
  ]
}

/** 2.1.197 does not say so of a task, only its call does. */
function isBeside(body: JsonObject, toolUseId: string | null, { calls }: TranslationContext): boolean {
  if (typeof body.is_backgrounded === 'boolean') return body.is_backgrounded
  const input = parseJson(calls.get(toolUseId ?? '')?.input ?? '')
  return isJsonObject(input) && input.run_in_background === true
}

/** In the words of the Stop hook, which lists the same tasks. */
function kindOf(body: JsonObject, isAgent: boolean): string {
  const type = textAt(body, 'task_type') ?? 'task'
  if (isAgent) return 'agent'
  return type === 'local_bash' ? 'shell' : type.replace(/^local_/, '')
}

function retryText(body: JsonObject): string {
  const status = countAt(body, 'error_status')
  const why = (textAt(body, 'error') ?? 'unknown').replaceAll('_', ' ')
  const seconds = Math.ceil((countAt(body, 'retry_delay_ms') ?? 0) / 1000)
  const tries = `try ${countAt(body, 'attempt') ?? 1} of ${countAt(body, 'max_retries') ?? 1}`
  return `The API refused the request (${status === null ? why : `${status}, ${why}`}). Claude tries again in ${seconds} s, ${tries}.`
}
