/**
 * What Claude Code reports through its hooks. Only required keys can refuse a body: a refused one would be lost,
 * and a newer Claude may change the others.
 */
import { z } from 'zod'
import { lenient, message, optional } from '../define.ts'

const text = lenient(z.string())
const flag = lenient(z.boolean())
const count = lenient(z.number())
const anything = optional(z.unknown())

/** Some versions describe the model with an object. */
const modelName = lenient(
  z.union([
    z.string(),
    z.object({ id: z.string() }).transform(({ id }) => id),
    z.object({ display_name: z.string() }).transform(({ display_name }) => display_name),
  ]),
)

/** Keys that any event may carry: first those that the hook script adds, then Claude's own. */
const common = {
  session_id: z.string(),
  event_id: text.describe('Made once by the hook script; an event is applied once.'),
  sent_at: count.describe('Unix seconds.'),
  host_id: text.describe('The machine that the hook ran on.'),
  pid: count.describe('Process of the agent.'),
  orbitdock_session_id: text.describe('Set inside sessions that this server drives.'),
  claude_config_dir: text.describe('Where this Claude keeps everything, when it is told to by its environment.'),
  terminal_session_id: text,
  terminal_app: text,
  command_id: text,
  hook_event_name: text,
  cwd: text,
  transcript_path: text,
  permission_mode: text,
  prompt_id: text,
  agent_id: text,
  agent_type: text,
  effort: anything,
}

export const hookMessages = [
  message('claude_session_start', 'Claude: SessionStart.', {
    ...common,
    cwd: z.string(),
    model: modelName,
    source: text,
    context_label: text,
  }),
  message('claude_session_end', 'Claude: SessionEnd.', { ...common, reason: text }),
  message('claude_status_event', 'Claude: prompts, stops, notifications, compaction and every other event.', {
    ...common,
    hook_event_name: z.string(),
    model: modelName,
    prompt: text,
    stop_hook_active: flag,
    last_assistant_message: text,
    background_tasks: anything,
    session_crons: anything,
    notification_type: text,
    message: text,
    title: text,
    error: text,
    is_interrupt: flag,
    tool_name: text,
    tool_use_id: text,
    tool_calls: anything,
    trigger: text,
    custom_instructions: text,
    compact_summary: text,
    task_id: text,
    task_subject: text,
    task_description: text,
    old_cwd: text,
    new_cwd: text,
    source: text,
    reason: text,
  }),
  message('claude_tool_event', 'Claude: PreToolUse, PostToolUse, PostToolUseFailure, PermissionRequest.', {
    ...common,
    cwd: z.string(),
    hook_event_name: z.string(),
    tool_name: z.string(),
    tool_input: anything,
    tool_response: anything,
    tool_use_id: text,
    error: text,
    is_interrupt: flag,
    duration_ms: count,
    permission_suggestions: anything,
    reason: text,
  }),
  message('claude_subagent_event', 'Claude: SubagentStart, SubagentStop.', {
    ...common,
    hook_event_name: z.string(),
    agent_id: z.string(),
    agent_transcript_path: text,
    stop_hook_active: flag,
    last_assistant_message: text,
    background_tasks: anything,
    session_crons: anything,
  }),
] as const
