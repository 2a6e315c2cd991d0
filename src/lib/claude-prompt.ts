/** The marks that the Claude CLI puts into prompts, shared by its hooks and its transcripts. */

/** Whether a prompt is the CLI's own report that a background task has ended, and no person's words. */
export function isTaskNotification(prompt: string): boolean {
  return prompt.trimStart().startsWith('<task-notification>')
}

/** What the CLI reports when a background task has ended: an agent or a shell. */
export interface TaskNotification {
  /** Of an agent: its id. */
  readonly taskId: string
  /** `completed`, `failed`, `killed`. */
  readonly status: string | null
  readonly result: string | null
}

/** Reads such a report; null for any other prompt. */
export function taskNotification(prompt: string): TaskNotification | null {
  const taskId = isTaskNotification(prompt) ? between(prompt, 'task-id') : null
  if (taskId === null) return null
  return {
    taskId,
    status: between(prompt, 'status'),
    result: between(prompt, 'result'),
  }
}

/** Up to the last closing mark: what an agent says may contain one. */
function between(text: string, mark: string): string | null {
  const from = text.indexOf(`<${mark}>`)
  const to = text.lastIndexOf(`</${mark}>`)
  const start = from + mark.length + 2
  return from < 0 || to < start ? null : text.slice(start, to).trim() || null
}

/** How the task ended, in words that all agents share. */
export function outcomeOf({ status }: TaskNotification): 'completed' | 'failed' | 'stopped' {
  return status === 'completed' || status === 'failed' ? status : 'stopped'
}
