/** Prompts, the ends of turns, and what Claude says while it waits. */
import { isTaskNotification, outcomeOf, taskNotification } from '../../lib/claude-prompt.ts'
import { type JsonObject, objectsAt, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'
import { agentIdOf, type Hook, type HookTranslation } from '../hook.ts'

export const turnHooks: Readonly<Record<string, HookTranslation>> = {
  UserPromptSubmit: (hook) => [
    ...reportEvents(hook),
    { type: 'prompt_submitted', text: typedPrompt(hook), promptId: textAt(hook.body, 'prompt_id'), ...timeOf(hook) },
  ],
  Stop: ({ body }) => {
    const running = objectsAt(body, 'background_tasks').filter(isRunning)
    // A shell is none of it: it may serve for days, and Claude itself says meanwhile that it is idle.
    const underWay = running.filter(({ type }) => type !== 'shell')
    // Older versions do not list them.
    const isListed = Array.isArray(body.background_tasks)
    const agents = underWay.filter(({ type }) => type === 'subagent').flatMap(agentOf)
    return [
      ...agents,
      ...(isListed ? [tasksListed(running)] : []),
      {
        type: 'turn_completed',
        lastMessage: textAt(body, 'last_assistant_message'),
        background: underWay.length > 0,
        ...(isListed ? { subagents: agents.map(({ agentId }) => agentId) } : {}),
      },
    ]
  },
  StopFailure: (hook, { transcribed }) => {
    const { body } = hook
    const code = textAt(body, 'error') ?? 'unknown'
    const message = textAt(body, 'last_assistant_message') ?? textAt(body, 'error_details') ?? code
    const agentId = agentIdOf(hook)
    if (agentId !== null) return [failedAgent(agentId, message)]
    return [{ type: 'turn_failed', code, message, ...(transcribed ? { transcribed } : {}) }]
  },
  Notification: (hook) => {
    const reason = attention.get(textAt(hook.body, 'notification_type') ?? '')
    return reason === undefined ? [] : [{ type: 'attention_noted', reason }]
  },
  Elicitation: () => [{ type: 'attention_noted', reason: 'question' }],
}

type AttentionReason = Extract<SessionEvent, { type: 'attention_noted' }>['reason']

/** What waits for the person, by `notification_type`; the other types are news that need nothing. */
const attention: ReadonlyMap<string, AttentionReason> = new Map([
  ['permission_prompt', 'permission'],
  ['elicitation_dialog', 'question'],
  ['idle_prompt', 'reply'],
])

/** Null for a turn that the CLI began by itself, such as the report of a background task. */
function typedPrompt({ body }: Hook): string | null {
  const prompt = textAt(body, 'prompt')
  const byMachine = textAt(body, 'source') === 'system' || (prompt !== null && isTaskNotification(prompt))
  return byMachine ? null : prompt
}

/** The hook script notes the second in which it ran. */
function timeOf({ body }: Hook): { readonly at?: number } {
  const { sent_at: seconds } = body
  return typeof seconds === 'number' && seconds > 0 ? { at: seconds * 1000 } : {}
}

function isRunning({ status }: JsonObject): boolean {
  return status === 'running' || status === 'pending'
}

/** What runs beside the conversation when a turn is over. */
function tasksListed(running: readonly JsonObject[]): SessionEvent {
  const tasks = running.flatMap((task) => {
    const [id, type] = [textAt(task, 'id'), textAt(task, 'type') ?? 'task']
    const description = textAt(task, 'description') ?? textAt(task, 'command') ?? ''
    return id === null ? [] : [{ id, kind: type === 'subagent' ? 'agent' : type, description, toolUseId: null }]
  })
  return { type: 'background_tasks_listed', tasks, gone: 'completed' }
}

/** What fails in a subagent is none of the turn, which goes on with what it got. */
function failedAgent(agentId: string, lastMessage: string): SessionEvent {
  return { type: 'subagent_stopped', agentId, agentType: null, transcriptPath: null, outcome: 'failed', lastMessage }
}

type SubagentStarted = Extract<SessionEvent, { type: 'subagent_started' }>

/** One of the agents that go on in the background; its start may have been lost. */
function agentOf(task: JsonObject): readonly SubagentStarted[] {
  const agentId = textAt(task, 'id')
  if (agentId === null) return []
  const agentType = textAt(task, 'agent_type')
  return [{ type: 'subagent_started', agentId, agentType, description: textAt(task, 'description'), background: true }]
}

/** A prompt that is the CLI's own report that an agent in the background has ended. Reports of shells name no agent. */
function reportEvents({ body }: Hook): readonly SessionEvent[] {
  const report = taskNotification(textAt(body, 'prompt') ?? '')
  if (report === null) return []
  const { taskId: agentId, result: lastMessage } = report
  const outcome = outcomeOf(report)
  return [
    { type: 'subagent_stopped', agentId, agentType: null, transcriptPath: null, outcome, lastMessage },
    { type: 'background_task_ended', id: agentId, outcome },
  ]
}
