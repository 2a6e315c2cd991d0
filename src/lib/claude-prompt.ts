/** The marks that the Claude CLI puts into prompts, shared by its hooks and its transcripts. */

/** Whether a prompt is the CLI's own report that a background task has ended, and no person's words. */
export function isTaskNotification(prompt: string): boolean {
  return prompt.trimStart().startsWith('<task-notification>')
}
