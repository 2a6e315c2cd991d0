/** Sessions: the row of the list, the full state, and the patch of either. */
import { z } from 'zod'
import { fallback, type Immutable, nullable, optional, patch } from '../define.ts'
import { ApprovalRequest } from './approval.ts'
import { BackgroundTask } from './claude.ts'
import { Message } from './message.ts'
import { QueuedPrompt } from './queue.ts'
import { Timestamp, UnixZ, u64 } from './scalars.ts'

export const Provider = z
  .enum(['claude', 'codex'])
  .meta({ id: 'Provider', description: 'Which agent runs the session.' })
export type Provider = z.infer<typeof Provider>

export const IntegrationMode = z
  .enum(['direct', 'passive'])
  .meta({ id: 'IntegrationMode', description: 'Whether the server drives the agent or only watches it.' })
export type IntegrationMode = z.infer<typeof IntegrationMode>

export const SessionStatus = z
  .enum(['active', 'ended'])
  .meta({ id: 'SessionStatus', description: 'Whether the session goes on.' })
export type SessionStatus = z.infer<typeof SessionStatus>

export const WorkStatus = z
  .enum(['working', 'waiting', 'permission', 'question', 'reply', 'ended'])
  .meta({ id: 'WorkStatus', description: 'What the agent is doing or waiting for.' })
export type WorkStatus = z.infer<typeof WorkStatus>

export const TokenUsage = z
  .object({ input_tokens: u64, output_tokens: u64, cached_tokens: u64, context_window: u64 })
  .meta({ id: 'TokenUsage', description: 'Token counters.' })
export type TokenUsage = Immutable<z.infer<typeof TokenUsage>>

export const TurnDiff = z
  .object({
    turn_id: z.string(),
    diff: z.string(),
    token_usage: optional(TokenUsage),
    input_tokens: optional(u64),
    output_tokens: optional(u64),
    cached_tokens: optional(u64),
    context_window: optional(u64),
  })
  .meta({ id: 'TurnDiff', description: 'Diff of a finished turn; its counters are nested, and may be flat instead.' })
export type TurnDiff = Immutable<z.infer<typeof TurnDiff>>

export const SubagentStatus = z
  .enum(['running', 'completed', 'failed', 'stopped'])
  .meta({ id: 'SubagentStatus', description: 'Whether a subagent runs, and how it ended.' })

export const SubagentInfo = z
  .object({
    id: z.string(),
    agent_type: z.string(),
    started_at: Timestamp,
    ended_at: optional(Timestamp),
    status: optional(SubagentStatus),
    description: optional(z.string()).describe('What it was started for, in a few words.'),
    tool_use_id: optional(z.string()).describe('The tool call that started it.'),
    parent_id: optional(z.string()).describe('The subagent that started it; left out for the main thread.'),
    background: optional(z.boolean()).describe('Whether it may go on when the turn is over.'),
    last_message: optional(z.string()).describe('The beginning of what it said last.'),
    tool_count: optional(u64).describe('Tool calls that it has made.'),
    last_tool: optional(z.string()),
  })
  .meta({ id: 'SubagentInfo', description: 'A subagent of a session.' })
export type SubagentInfo = Immutable<z.infer<typeof SubagentInfo>>

export const Observed = z
  .enum(['transcript'])
  .meta({ id: 'Observed', description: 'How a session is seen that no hooks tell of.' })

/** What a list row and a full state both tell. */
const sessionFacts = {
  id: z.string(),
  provider: Provider,
  project_path: z.string(),
  transcript_path: optional(z.string()),
  project_name: nullable(z.string()),
  model: nullable(z.string()),
  custom_name: optional(z.string()),
  summary: optional(z.string()),
  first_prompt: optional(z.string()),
  last_message: optional(z.string()),
  status: SessionStatus,
  work_status: WorkStatus,
  codex_integration_mode: optional(IntegrationMode),
  claude_integration_mode: optional(IntegrationMode),
  approval_policy: optional(z.string()),
  sandbox_mode: optional(z.string()),
  permission_mode: optional(z.string()),
  started_at: nullable(Timestamp),
  last_activity_at: nullable(Timestamp),
  git_branch: optional(z.string()),
  git_sha: optional(z.string()),
  repository_root: optional(z.string()).describe('Top directory of the main worktree, also in a linked one.'),
  is_worktree: optional(z.boolean()).describe('Whether the session works in a linked worktree.'),
  worktree_path: optional(z.string()).describe('Top directory of the linked worktree.'),
  git_dirty: optional(z.boolean()).describe('Whether files are changed, staged or untracked.'),
  current_cwd: optional(z.string()),
  effort: optional(z.string()),
  cost_usd: optional(z.number().nonnegative()).describe(
    'US dollars, as the agent counts them; left out while it has not.',
  ),
  pending_approval_id: optional(z.string()).describe('Request id of the oldest pending approval.'),
  approval_version: optional(u64).describe('Grows whenever the pending approvals of the session change.'),
  observed: optional(Observed).describe('Set while no hooks tell of the session.'),
  end_reason: optional(z.string()),
}

export const SessionSummary = z
  .object({
    ...sessionFacts,
    token_usage: fallback(TokenUsage, { input_tokens: 0, output_tokens: 0, cached_tokens: 0, context_window: 0 }),
    has_pending_approval: z.boolean(),
  })
  .meta({ id: 'SessionSummary', description: 'A row of the session list.' })
export type SessionSummary = Immutable<z.infer<typeof SessionSummary>>

export const SessionState = z
  .object({
    ...sessionFacts,
    messages: z.array(Message),
    pending_approval: nullable(ApprovalRequest),
    token_usage: TokenUsage,
    current_diff: nullable(z.string()),
    current_plan: nullable(z.string()).describe('JSON text.'),
    forked_from_session_id: optional(z.string()),
    revision: optional(u64).describe('Revision of the last frame that this state includes.'),
    current_turn_id: optional(z.string()),
    turn_count: fallback(u64, 0),
    turn_diffs: optional(z.array(TurnDiff)),
    subagents: optional(z.array(SubagentInfo)),
    queued_prompts: optional(z.array(QueuedPrompt)).describe('Oldest first.'),
    queue_held: optional(z.boolean()).describe('Whether the queue waits for `release_queue`.'),
    background_tasks: optional(z.array(BackgroundTask)).describe('What an agent runs beside the conversation.'),
    terminal_session_id: optional(z.string()),
    terminal_app: optional(z.string()),
  })
  .meta({ id: 'SessionState', description: 'Everything a client shows of one session.' })
export type SessionState = Immutable<z.infer<typeof SessionState>>

export const StateChanges = z
  .object({
    status: optional(SessionStatus),
    work_status: optional(WorkStatus),
    pending_approval: patch(ApprovalRequest),
    token_usage: optional(TokenUsage),
    current_diff: patch(z.string()),
    current_plan: patch(z.string()),
    custom_name: patch(z.string()),
    summary: patch(z.string()),
    first_prompt: patch(z.string()),
    last_message: patch(z.string()),
    codex_integration_mode: patch(IntegrationMode),
    claude_integration_mode: patch(IntegrationMode),
    approval_policy: patch(z.string()),
    sandbox_mode: patch(z.string()),
    permission_mode: patch(z.string()),
    last_activity_at: optional(UnixZ),
    current_turn_id: patch(z.string()),
    turn_count: optional(u64),
    git_branch: patch(z.string()),
    git_sha: patch(z.string()),
    repository_root: patch(z.string()),
    is_worktree: optional(z.boolean()),
    worktree_path: patch(z.string()),
    git_dirty: patch(z.boolean()),
    current_cwd: patch(z.string()),
    model: patch(z.string()),
    effort: patch(z.string()),
    observed: patch(Observed),
    forked_from_session_id: optional(z.string()).describe('Told when it is found out later.'),
    cost_usd: patch(z.number().nonnegative()),
    queued_prompts: optional(z.array(QueuedPrompt)),
    queue_held: optional(z.boolean()),
    background_tasks: optional(z.array(BackgroundTask)),
  })
  .meta({ id: 'StateChanges', description: 'Patch of a session.' })
export type StateChanges = Immutable<z.infer<typeof StateChanges>>
