/** How each field of a stored session is written to and read from the table `sessions`. */
import type { StoredSession } from '../session/state.ts'
import { amount, count, flag, text, word } from './cells.ts'
import type { SqlValue } from './prepared.ts'
import { isoSecondsOrNull, unixMs } from './times.ts'

export interface SessionColumn<Value> {
  /** SQL that reads it. */
  readonly select: string
  /** SQL that assigns it, `?` standing for the value; null when it is derived from other rows. */
  readonly assign: string | null
  readonly read: (cell: unknown) => Value
  readonly write: (value: Value) => SqlValue
}

type SessionColumns = { readonly [Field in keyof StoredSession]: SessionColumn<StoredSession[Field]> }

export const SESSION_COLUMNS: SessionColumns = {
  provider: words('provider', ['claude', 'codex'], 'claude'),
  // Of the app before this server there are `idle` and NULL: sessions of the past.
  status: words('status', ['active', 'ended'], 'ended'),
  workStatus: words('work_status', ['working', 'waiting', 'permission', 'question', 'reply', 'ended'], 'waiting'),
  projectPath: { ...column('project_path'), read: (cell) => text(cell) ?? '', write: (path) => path },
  projectName: texts('project_name'),
  model: texts('model'),
  contextLabel: texts('context_label'),
  transcriptPath: texts('transcript_path'),
  customName: texts('custom_name'),
  summary: texts('summary'),
  firstPrompt: texts('first_prompt'),
  lastMessage: texts('last_message'),
  attentionReason: words(
    'attention_reason',
    ['none', 'awaitingReply', 'awaitingPermission', 'awaitingQuestion'],
    'none',
  ),
  pendingToolName: texts('pending_tool_name'),
  pendingToolInput: texts('pending_tool_input'),
  pendingQuestion: texts('pending_question'),
  pendingApprovalId: texts('pending_approval_id'),
  approvalVersion: counts('approval_version'),
  startedAt: times('started_at'),
  endedAt: times('ended_at'),
  endReason: texts('end_reason'),
  lastActivityAt: times('last_activity_at'),
  lastTool: texts('last_tool'),
  lastToolAt: times('last_tool_at'),
  inputTokens: counts('input_tokens'),
  outputTokens: counts('output_tokens'),
  cachedTokens: counts('cached_tokens'),
  contextWindow: counts('context_window'),
  costUsd: { ...column('cost_usd'), read: amount, write: (usd) => usd },
  promptCount: counts('prompt_count'),
  toolCount: counts('tool_count'),
  compactCount: counts('compact_count'),
  effort: texts('effort'),
  source: texts('source'),
  agentType: texts('agent_type'),
  permissionMode: texts('permission_mode'),
  integrationMode: integrationMode(),
  codexThreadId: texts('codex_thread_id'),
  claudeSdkSessionId: texts('claude_sdk_session_id'),
  approvalPolicy: texts('approval_policy'),
  sandboxMode: texts('sandbox_mode'),
  forkedFrom: texts('forked_from_session_id'),
  currentDiff: texts('current_diff'),
  currentPlan: texts('current_plan'),
  currentCwd: texts('current_cwd'),
  // The original's fault B-61: hooks wrote the branch to a column that was never read.
  gitBranch: { ...texts('git_branch'), select: 'coalesce(git_branch, branch)' },
  gitSha: texts('git_sha'),
  repositoryRoot: texts('repository_root'),
  worktreePath: { ...texts('worktree_path'), assign: 'worktree_path = ?, is_worktree = ? IS NOT NULL' },
  gitDirty: { ...column('git_dirty'), read: (cell) => (cell === null ? null : flag(cell)), write: flagOrNull },
  terminalSessionId: texts('terminal_session_id'),
  terminalApp: texts('terminal_app'),
  observed: { ...column('observed'), read: (cell) => (cell === 'transcript' ? cell : null), write: (how) => how },
  activeSubagentId: texts('active_subagent_id'),
  activeSubagentType: texts('active_subagent_type'),
  revisionCeiling: counts('revision_ceiling'),
  turnCount: counts('turn_count'),
  currentTurnId: texts('current_turn_id'),
  nextSequence: {
    // Behind the places that are kept for rows which are read later, too.
    select: `max((SELECT coalesce(max(sequence) + 1, 0) FROM messages WHERE session_id = sessions.id),
      (SELECT coalesce(max(next_sequence + byte_end - byte_offset), 0) FROM transcript_gaps WHERE session_id = sessions.id))`,
    assign: null,
    read: count,
    write: (sequence) => sequence,
  },
}

function column(name: string) {
  return { select: name, assign: `${name} = ?` }
}

function texts(name: string): SessionColumn<string | null> {
  return { ...column(name), read: text, write: (value) => value }
}

function flagOrNull(value: boolean | null): SqlValue {
  return value === null ? null : Number(value)
}

function counts(name: string): SessionColumn<number> {
  return { ...column(name), read: count, write: (value) => value }
}

function times(name: string): SessionColumn<number | null> {
  return { ...column(name), read: unixMs, write: isoSecondsOrNull }
}

function words<Word extends string>(name: string, known: readonly Word[], otherwise: Word): SessionColumn<Word> {
  return { ...column(name), read: (cell) => word(cell, known, otherwise), write: (value) => value }
}

/**
 * Each provider has a column of its own. A Codex row without a mode is one that the server runs; a Claude row without a mode
 * is one that it only watches, and is left without, since the original knows no other word there than `direct`.
 */
function integrationMode(): SessionColumn<StoredSession['integrationMode']> {
  return {
    select:
      "CASE provider WHEN 'codex' THEN coalesce(codex_integration_mode, 'direct') ELSE claude_integration_mode END",
    assign: `codex_integration_mode = CASE provider WHEN 'codex' THEN ? ELSE codex_integration_mode END,
      claude_integration_mode = CASE provider WHEN 'codex' THEN claude_integration_mode ELSE nullif(?, 'passive') END`,
    read: (cell) => (cell === 'direct' || cell === 'passive' ? cell : null),
    write: (mode) => mode,
  }
}
