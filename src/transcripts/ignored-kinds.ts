/** Kinds of entries that say nothing about the conversation, each with the reason to leave it alone. */

const FOR_THE_MODEL = 'context for the model'
const FOR_THE_SCREEN = 'how the CLI looks'
const HOW_HOOKS_FARED = 'how a hook fared, which changed nothing'
const FOR_RESUMING = 'what the CLI needs to go on later'
const DUMP = 'a dump of what was sent to the API'

/** Of the type itself. Names from recordings of 2.1.197 and 2.1.329, and from the list in the CLI of what it writes. */
const TYPES = {
  mode: FOR_THE_SCREEN,
  'agent-color': FOR_THE_SCREEN,
  'last-prompt': 'a copy of the latest prompt',
  'queue-operation': 'prompts are rows once they are sent',
  'file-history-snapshot': 'copies of files for rewinding',
  'file-history-delta': 'copies of files for rewinding',
  'attribution-snapshot': 'who wrote which line of a file',
  'tools-used': 'told by the calls themselves',
  'atis-latch': 'a switch of the CLI',
  'isolation-latch': 'a switch of the CLI',
  'agent-setting': 'the agent that a session was started as',
  'worktree-state': 'the directory is told by every entry and hook',
  relocated: 'the directory is told by every entry and hook',
  'content-replacement': FOR_RESUMING,
  'fork-context-ref': FOR_RESUMING,
  'bridge-session': FOR_RESUMING,
  'marble-origami-commit': FOR_RESUMING,
  'marble-origami-snapshot': FOR_RESUMING,
  'marble-origami-reset': FOR_RESUMING,
  tag: 'a mark for finding sessions in the CLI',
  'pr-link': 'the calls that made the pull request tell of it',
  'speculation-accept': 'how fast an answer came',
  'api-request': DUMP,
  'api-request-blob': DUMP,
  'api-request-shape': DUMP,
  'api-request-resumed': DUMP,
  progress: 'intermediate output of older versions',
} satisfies Record<string, string>

/** Of the type `system`. */
const NOTICES = {
  turn_duration: 'the stop hook says more: whether work goes on in the background',
  stop_hook_summary: 'how hooks fared',
  api_error: 'the CLI tries again; what it gives up on comes as a message',
  away_summary: 'a recap on the screen of the CLI',
  file_snapshot: 'copies of files for rewinding',
  memory_saved: 'the call that saved it tells of it',
} satisfies Record<string, string>

/** Of the type `attachment`. */
const ATTACHMENTS = {
  agent_listing_delta: FOR_THE_MODEL,
  auto_mode: FOR_THE_MODEL,
  date: FOR_THE_MODEL,
  date_change: FOR_THE_MODEL,
  deferred_tools_delta: FOR_THE_MODEL,
  deferred_tools_record: FOR_THE_MODEL,
  diagnostics: FOR_THE_MODEL,
  directory: FOR_THE_MODEL,
  dynamic_skill: FOR_THE_MODEL,
  edited_text_file: FOR_THE_MODEL,
  environment: FOR_THE_MODEL,
  file: FOR_THE_MODEL,
  already_read_file: FOR_THE_MODEL,
  compact_file_reference: FOR_THE_MODEL,
  pdf_reference: FOR_THE_MODEL,
  hook_additional_context: FOR_THE_MODEL,
  invoked_skills: FOR_THE_MODEL,
  mcp_instructions_delta: FOR_THE_MODEL,
  mcp_resource: FOR_THE_MODEL,
  model: 'messages name their model',
  nested_memory: FOR_THE_MODEL,
  opened_file_in_ide: FOR_THE_MODEL,
  output_style: FOR_THE_MODEL,
  plan_file_reference: FOR_THE_MODEL,
  plan_mode: 'hooks tell of the mode, and the approval of the plan',
  plan_mode_exit: 'hooks tell of the mode',
  plan_mode_reentry: 'hooks tell of the mode',
  prompt_snapshot: FOR_THE_MODEL,
  relevant_memories: FOR_THE_MODEL,
  remote_session_change: FOR_THE_MODEL,
  selected_lines_in_ide: FOR_THE_MODEL,
  session_context: FOR_THE_MODEL,
  skill_listing: FOR_THE_MODEL,
  task_reminder: FOR_THE_MODEL,
  todo_reminder: FOR_THE_MODEL,
  task_status: 'hooks tell of subagents',
  command_permissions: 'which calls a command needs nobody for',
  async_hook_response: HOW_HOOKS_FARED,
  hook_success: HOW_HOOKS_FARED,
  hook_cancelled: HOW_HOOKS_FARED,
  hook_non_blocking_error: HOW_HOOKS_FARED,
  hook_error_during_execution: HOW_HOOKS_FARED,
  hook_permission_decision: 'the result of the call tells whether it was allowed',
  hook_deferred_tool: 'the call itself is told',
} satisfies Record<string, string>

/** By kind as `kindOf` in entries.ts names it. */
export const IGNORED_KINDS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(TYPES),
  ...Object.entries(NOTICES).map(([subtype, reason]) => [`system:${subtype}`, reason] as const),
  ...Object.entries(ATTACHMENTS).map(([type, reason]) => [`attachment:${type}`, reason] as const),
])
