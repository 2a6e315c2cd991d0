/** Bodies of hook posts, as the hook script sends them. */

type Body = Readonly<Record<string, unknown>>

let events = 0
/** Unique in this test run. */
export const anEventId = (): string => `event-${++events}`

export const sessionStart = (session_id: string, over: Body = {}) => ({
  type: 'claude_session_start',
  event_id: anEventId(),
  session_id,
  cwd: '/proj',
  hook_event_name: 'SessionStart',
  source: 'startup',
  model: 'claude-opus-4',
  ...over,
})

export const sessionEnd = (session_id: string, over: Body = {}) => ({
  type: 'claude_session_end',
  event_id: anEventId(),
  session_id,
  hook_event_name: 'SessionEnd',
  reason: 'prompt_input_exit',
  ...over,
})

export const prompt = (session_id: string, text = 'Fix the login bug', over: Body = {}) => ({
  type: 'claude_status_event',
  event_id: anEventId(),
  session_id,
  cwd: '/proj',
  hook_event_name: 'UserPromptSubmit',
  prompt: text,
  ...over,
})

export const stop = (session_id: string, over: Body = {}) => ({
  type: 'claude_status_event',
  event_id: anEventId(),
  session_id,
  cwd: '/proj',
  hook_event_name: 'Stop',
  stop_hook_active: false,
  ...over,
})

const tool = (hook_event_name: string, session_id: string, tool_use_id: string, over: Body) => ({
  type: 'claude_tool_event',
  event_id: anEventId(),
  session_id,
  cwd: '/proj',
  hook_event_name,
  tool_name: 'Bash',
  tool_input: { command: 'ls' },
  tool_use_id,
  ...over,
})

export const toolStarts = (session_id: string, tool_use_id: string, over: Body = {}) =>
  tool('PreToolUse', session_id, tool_use_id, over)

export const toolEnds = (session_id: string, tool_use_id: string, over: Body = {}) =>
  tool('PostToolUse', session_id, tool_use_id, {
    tool_response: { stdout: 'a.txt', stderr: '' },
    duration_ms: 12,
    ...over,
  })

/** Claude does not name the tool call in this one. */
export const asksPermission = (session_id: string, over: Body = {}) => ({
  type: 'claude_tool_event',
  event_id: anEventId(),
  session_id,
  cwd: '/proj',
  hook_event_name: 'PermissionRequest',
  tool_name: 'Bash',
  tool_input: { command: 'ls' },
  permission_suggestions: [
    {
      type: 'addRules',
      rules: [{ toolName: 'Bash', ruleContent: 'ls' }],
      behavior: 'allow',
      destination: 'localSettings',
    },
  ],
  ...over,
})
