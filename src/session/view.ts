/** A session's state as clients see it. */
import type { ApprovalRequest } from '../protocol/model/approval.ts'
import type { Message } from '../protocol/model/message.ts'
import type { QueuedPrompt as WireQueuedPrompt } from '../protocol/model/queue.ts'
import type {
  SessionState as SessionSnapshot,
  SessionSummary,
  SubagentInfo,
  TokenUsage,
  TurnDiff as WireTurnDiff,
  WorkStatus,
} from '../protocol/model/session.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import { wireTask } from './background-tasks.ts'
import { QUEUED_SHOWN_CHARS_MAX } from './limits.ts'
import { fitSnapshot } from './shrink.ts'
import type {
  Capabilities,
  ConversationMessage,
  PendingApproval,
  QueuedPrompt,
  SessionState,
  Subagent,
  TurnDiff,
} from './state.ts'
import { cutText } from './text.ts'
import { unixSeconds } from './times.ts'

type TokenField = 'inputTokens' | 'outputTokens' | 'cachedTokens' | 'contextWindow'

/** Stored fields that the row of the list shows. */
export type ListedField =
  | TokenField
  | 'provider'
  | 'projectPath'
  | 'transcriptPath'
  | 'projectName'
  | 'model'
  | 'customName'
  | 'summary'
  | 'firstPrompt'
  | 'lastMessage'
  | 'integrationMode'
  | 'approvalPolicy'
  | 'sandboxMode'
  | 'permissionMode'
  | 'startedAt'
  | 'lastActivityAt'
  | 'gitBranch'
  | 'gitSha'
  | 'repositoryRoot'
  | 'worktreePath'
  | 'gitDirty'
  | 'currentCwd'
  | 'effort'
  | 'approvalVersion'
  | 'observed'
  | 'costUsd'

/** As much of a session as the row of the list shows. */
export type Listed = Pick<SessionState, ListedField | 'id' | 'phase' | 'approvals' | 'attention' | 'asking'>

/** What the session does or waits for; whatever waits for a person comes first. */
export function workStatus({
  phase,
  approvals,
  attention,
  asking,
}: Pick<SessionState, 'phase' | 'approvals' | 'attention' | 'asking'>): WorkStatus {
  if (phase.name === 'ended') return 'ended'
  const [head] = approvals
  if (head) return head.kind === 'question' ? 'question' : 'permission'
  if (attention) return attention
  if (phase.name === 'working') return 'working'
  return asking ? 'question' : 'waiting'
}

/** Whether the server runs the agent itself. A Claude session that is only watched says nothing, as the app expects. */
export function integrationModes({ provider, integrationMode }: Pick<SessionState, 'provider' | 'integrationMode'>) {
  if (provider === 'codex') return integrationMode ? { codex_integration_mode: integrationMode } : {}
  return integrationMode === 'direct' ? { claude_integration_mode: integrationMode } : {}
}

/** The id of the open turn, where clients count turns. */
export function shownTurn(state: SessionState): string | null {
  return countsTurns(state) ? state.currentTurnId : null
}

/** Turns begun so far, where clients count them. */
export function shownTurns(state: SessionState): number {
  return countsTurns(state) ? state.turnCount : 0
}

/** Clients of the original know no turns of a Claude session that is only watched. */
function countsTurns({ provider, integrationMode }: SessionState): boolean {
  return provider === 'codex' || integrationMode === 'direct'
}

/** The counters of a session. */
export function tokenUsage(state: Pick<SessionState, TokenField>): TokenUsage {
  return {
    input_tokens: state.inputTokens,
    output_tokens: state.outputTokens,
    cached_tokens: state.cachedTokens,
    context_window: state.contextWindow,
  }
}

const MICROS = 1_000_000

/** The cost in US dollars, without what sums of floating point numbers add to it; null while it is not known. */
export function shownCost({ costUsd }: Pick<SessionState, 'costUsd'>): number | null {
  return costUsd === null ? null : Math.round(costUsd * MICROS) / MICROS
}

/** The row of the session list. */
export function summaryOf(state: Listed): SessionSummary {
  return { ...facts(state), token_usage: tokenUsage(state), has_pending_approval: state.approvals.length > 0 }
}

/**
 * Everything a client shows of a session; `messages` oldest first, `revision` that of the last frame they include.
 * It is cut so that a frame with it has at most `FRAME_BYTES_MAX` bytes.
 */
export function snapshotOf(state: SessionState, messages: readonly Message[], revision: number): SessionSnapshot {
  const [head] = state.approvals
  return fitSnapshot({
    ...facts(state),
    messages,
    pending_approval: head ? approvalRequest(state, head) : null,
    token_usage: tokenUsage(state),
    current_diff: state.currentDiff,
    current_plan: state.currentPlan,
    forked_from_session_id: state.forkedFrom ?? undefined,
    revision,
    current_turn_id: shownTurn(state) ?? undefined,
    turn_count: shownTurns(state),
    turn_diffs: state.turnDiffs.map(wireTurnDiff),
    subagents: state.subagents.map(wireSubagent),
    ...queueOf(state),
    ...(state.backgroundTasks.length === 0 ? {} : { background_tasks: state.backgroundTasks.map(wireTask) }),
    terminal_session_id: state.terminalSessionId ?? undefined,
    terminal_app: state.terminalApp ?? undefined,
  })
}

/** A pending approval of the session. */
export function approvalRequest(state: SessionState, approval: PendingApproval): ApprovalRequest {
  const { id, approvalVersion, subagents } = state
  const asker = subagents.find((subagent) => subagent.id === approval.agentId)
  return {
    id: approval.requestId,
    session_id: id,
    type: approval.kind,
    command: approval.command,
    file_path: approval.filePath,
    diff: approval.diff,
    question: approval.question,
    proposed_amendment: approval.proposedAmendment ?? undefined,
    tool_name: approval.toolName ?? undefined,
    tool_input: approval.toolInput ?? undefined,
    tool_use_id: approval.toolUseId ?? undefined,
    subagent_id: approval.agentId ?? undefined,
    subagent_type: asker?.agentType,
    answerable: approval.answerable,
    approval_version: approvalVersion,
  }
}

/** What waits for its turn, as clients see it; nothing of an empty queue. */
export function queueOf({ queue, queueHeld }: Pick<SessionState, 'queue' | 'queueHeld'>) {
  return queue.length === 0 ? {} : { queued_prompts: queue.map(wireQueuedPrompt), queue_held: queueHeld }
}

/** A prompt that waits. */
export function wireQueuedPrompt({ id, content, model, effort, images, queuedAt }: QueuedPrompt): WireQueuedPrompt {
  const shown = cutText(content, QUEUED_SHOWN_CHARS_MAX)
  return {
    id,
    content: shown,
    is_truncated: shown.length < content.length ? true : undefined,
    model: model ?? undefined,
    effort: effort ?? undefined,
    image_count: images.length,
    created_at: unixSeconds(queuedAt),
  }
}

/** A row of the conversation. */
export function wireMessage(sessionId: string, message: ConversationMessage): Message {
  return {
    id: message.id,
    session_id: sessionId,
    message_type: message.type,
    content: message.content,
    tool_name: message.toolName,
    tool_input: message.toolInput,
    tool_output: message.toolOutput,
    is_error: message.isError,
    timestamp: message.timestamp,
    duration_ms: message.durationMs,
    ...(message.images.length > 0 ? { images: message.images } : {}),
  }
}

/** What a follower who comes later needs besides the snapshot. */
export function startupFrames(state: SessionState): readonly ServerMessage[] {
  const { id, capabilities } = state
  return capabilities ? [capabilitiesFrame(id, capabilities), ...state.startupFrames] : state.startupFrames
}

/** What the agent of a session offers. */
export function capabilitiesFrame(
  sessionId: string,
  { slashCommands, skills, tools, agents, models, permissionModes, account }: Capabilities,
): ServerMessage {
  return {
    type: 'claude_capabilities',
    session_id: sessionId,
    slash_commands: slashCommands,
    skills,
    tools,
    agents,
    models,
    permission_modes: permissionModes,
    account: account ?? undefined,
  }
}

function facts(state: Listed) {
  const { phase, startedAt, lastActivityAt } = state
  return {
    id: state.id,
    provider: state.provider,
    project_path: state.projectPath,
    transcript_path: state.transcriptPath ?? undefined,
    project_name: state.projectName,
    model: state.model,
    custom_name: state.customName ?? undefined,
    summary: state.summary ?? undefined,
    first_prompt: state.firstPrompt ?? undefined,
    last_message: state.lastMessage ?? undefined,
    status: phase.name === 'ended' ? ('ended' as const) : ('active' as const),
    work_status: workStatus(state),
    ...integrationModes(state),
    approval_policy: state.approvalPolicy ?? undefined,
    sandbox_mode: state.sandboxMode ?? undefined,
    permission_mode: state.permissionMode ?? undefined,
    started_at: startedAt === null ? null : unixSeconds(startedAt),
    last_activity_at: lastActivityAt === null ? null : unixSeconds(lastActivityAt),
    git_branch: state.gitBranch ?? undefined,
    git_sha: state.gitSha ?? undefined,
    repository_root: state.repositoryRoot ?? undefined,
    is_worktree: state.worktreePath !== null,
    worktree_path: state.worktreePath ?? undefined,
    git_dirty: state.gitDirty ?? undefined,
    current_cwd: state.currentCwd ?? undefined,
    effort: state.effort ?? undefined,
    cost_usd: shownCost(state) ?? undefined,
    pending_approval_id: state.approvals[0]?.requestId,
    approval_version: state.approvalVersion,
    observed: state.observed ?? undefined,
    end_reason: phase.name === 'ended' ? phase.reason : undefined,
  }
}

function wireTurnDiff({ turnId, diff, tokens }: TurnDiff): WireTurnDiff {
  return { turn_id: turnId, diff, ...(tokens ? { token_usage: tokens } : {}) }
}

/** A subagent of the session. */
export function wireSubagent(subagent: Subagent): SubagentInfo {
  const { endedAt, outcome } = subagent
  return {
    id: subagent.id,
    agent_type: subagent.agentType,
    started_at: unixSeconds(subagent.startedAt),
    ended_at: endedAt === null ? undefined : unixSeconds(endedAt),
    status: endedAt === null ? 'running' : (outcome ?? 'completed'),
    description: subagent.description ?? undefined,
    tool_use_id: subagent.toolUseId ?? undefined,
    parent_id: subagent.parentId ?? undefined,
    background: subagent.background,
    last_message: subagent.lastMessage ?? undefined,
    tool_count: subagent.toolCount,
    last_tool: subagent.lastTool ?? undefined,
  }
}
