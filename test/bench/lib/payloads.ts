/** Hook posts as the hook script makes them: Claude's JSON behind keys of the script. */
import { randomUUID } from 'node:crypto'

/** Characters of a prompt, a command or a last message beyond what tells it apart. */
const TEXT = 'x'.repeat(120)
const OUTPUT = 'y'.repeat(200)

/** What Claude says in a hook; `event_id` only where the post has to be repeated. */
export type Payload = Readonly<Record<string, unknown>> & { readonly session_id: string }

/** The body of a post. */
export function hookBody(
  type: 'claude_status_event' | 'claude_tool_event',
  eventId: string,
  { session_id, ...payload }: Payload,
) {
  const script = { type, event_id: eventId, sent_at: Math.floor(Date.now() / 1000), host_id: 'bench', pid: process.pid }
  return JSON.stringify({ ...script, session_id, cwd: '/tmp', permission_mode: 'default', ...payload })
}

/** Even `index`: a prompt (the session works); odd: the end of its turn. */
export function statusHook(session_id: string, index: number): string {
  return hookBody('claude_status_event', randomUUID(), {
    session_id,
    ...(index % 2 === 0
      ? { hook_event_name: 'UserPromptSubmit', prompt: `prompt ${index} ${TEXT}` }
      : { hook_event_name: 'Stop', stop_hook_active: false, last_assistant_message: `done ${index} ${TEXT}` }),
  })
}

/** Even `index`: a tool begins; odd: the same tool ends, with `output`. */
export function toolHook(session_id: string, index: number, output = OUTPUT): string {
  const call = {
    session_id,
    tool_name: 'Bash',
    tool_use_id: `toolu_${session_id}_${index >> 1}`,
    tool_input: { command: `echo ${index >> 1} ${TEXT}` },
  }
  const result = { tool_response: { stdout: output, stderr: '', interrupted: false }, duration_ms: 12 }
  return hookBody(
    'claude_tool_event',
    randomUUID(),
    index % 2 === 0
      ? { ...call, hook_event_name: 'PreToolUse' }
      : { ...call, hook_event_name: 'PostToolUse', ...result },
  )
}
