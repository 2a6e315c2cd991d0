/** Lines that tell a session nothing new, each with the reason. */

const IGNORED: Readonly<Record<string, string>> = {
  'system/thinking_tokens': 'an estimate, told exactly when the message ends',
  'system/task_progress': 'the calls of a subagent come as lines of their own',
  'system/background_tasks_changed': 'told task by task',
  'system/hook_started': 'how hooks fare is the business of the CLI',
  'system/hook_progress': 'how hooks fare is the business of the CLI',
  'system/hook_response': 'how hooks fare is the business of the CLI',
  'system/files_persisted': 'checkpoints of files',
  'system/local_command_output': 'the same text comes as a message',
  keep_alive: 'nothing but a sign of life',
  tool_progress: 'the result says how long it took',
  tool_use_summary: 'a line for small screens about calls that are rows',
  command_lifecycle: 'the echo of a prompt says that it was read',
  auth_status: 'a login in the terminal',
  prompt_suggestion: 'was not asked for',
  streamlined_text: 'the same text comes as a message',
}

/** Why lines of a kind, as `system/…` or by their type, are ignored; undefined for one that nobody has heard of. */
export function ignoredBecause(kind: string): string | undefined {
  return Object.hasOwn(IGNORED, kind) ? IGNORED[kind] : undefined
}
