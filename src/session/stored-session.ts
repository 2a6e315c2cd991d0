/** What of a session's state is stored, column by column. */
import type { SessionState, StoredSession } from './state.ts'
import { workStatus } from './view.ts'

/** Everything but the revisions, which the host of the session issues. */
export type StoredFields = Omit<StoredSession, 'revisionCeiling'>

const ATTENTION: { readonly [Status in StoredSession['workStatus']]: StoredSession['attentionReason'] } = {
  working: 'none',
  ended: 'none',
  waiting: 'awaitingReply',
  reply: 'awaitingReply',
  permission: 'awaitingPermission',
  question: 'awaitingQuestion',
}

/** The stored fields of a state. What waits for a person is stored with it only while it waits. */
export function storedSession(state: SessionState): StoredFields {
  const status = workStatus(state)
  const [head] = state.approvals
  return {
    provider: state.provider,
    status: state.phase.name === 'ended' ? 'ended' : 'active',
    workStatus: status,
    attentionReason: ATTENTION[status],
    pendingToolName: head?.toolName ?? null,
    pendingToolInput: head?.toolInput ?? null,
    pendingQuestion: (head ?? state.asking)?.question ?? null,
    pendingApprovalId: head?.requestId ?? null,
    endReason: state.phase.name === 'ended' ? state.phase.reason : null,
    projectPath: state.projectPath,
    projectName: state.projectName,
    model: state.model,
    contextLabel: state.contextLabel,
    transcriptPath: state.transcriptPath,
    customName: state.customName,
    summary: state.summary,
    firstPrompt: state.firstPrompt,
    lastMessage: state.lastMessage,
    approvalVersion: state.approvalVersion,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    lastActivityAt: state.lastActivityAt,
    lastTool: state.lastTool,
    lastToolAt: state.lastToolAt,
    inputTokens: state.inputTokens,
    outputTokens: state.outputTokens,
    cachedTokens: state.cachedTokens,
    contextWindow: state.contextWindow,
    costUsd: state.costUsd,
    promptCount: state.promptCount,
    toolCount: state.toolCount,
    compactCount: state.compactCount,
    effort: state.effort,
    source: state.source,
    agentType: state.agentType,
    permissionMode: state.permissionMode,
    integrationMode: state.integrationMode,
    codexThreadId: state.codexThreadId,
    claudeSdkSessionId: state.claudeSdkSessionId,
    approvalPolicy: state.approvalPolicy,
    sandboxMode: state.sandboxMode,
    forkedFrom: state.forkedFrom,
    currentDiff: state.currentDiff,
    currentPlan: state.currentPlan,
    currentCwd: state.currentCwd,
    gitBranch: state.gitBranch,
    gitSha: state.gitSha,
    repositoryRoot: state.repositoryRoot,
    worktreePath: state.worktreePath,
    gitDirty: state.gitDirty,
    terminalSessionId: state.terminalSessionId,
    terminalApp: state.terminalApp,
    observed: state.observed,
    activeSubagentId: state.activeSubagentId,
    activeSubagentType: state.activeSubagentType,
    turnCount: state.turnCount,
    currentTurnId: state.currentTurnId,
    nextSequence: state.nextSequence,
  }
}
