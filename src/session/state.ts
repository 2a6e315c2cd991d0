/** What a session is while its actor lives. Times are Unix milliseconds; names on the wire and in the database differ. */
import type { ClaudeModelOption } from '../protocol/model/claude.ts'
import type { ImageInput, MessageType } from '../protocol/model/message.ts'
import type { ReviewComment } from '../protocol/model/review.ts'
import type { Provider, TokenUsage } from '../protocol/model/session.ts'
import type { MentionInput, SkillInput } from '../protocol/model/skills.ts'
import type { ServerMessage } from '../protocol/server/index.ts'

/** What the agent is doing; an open approval outranks it (see `workStatus` in view.ts). */
export type Phase =
  | { readonly name: 'idle' }
  | { readonly name: 'working' }
  | { readonly name: 'ended'; readonly reason: string }

export type ApprovalKind = 'exec' | 'patch' | 'question'

/** One question the agent waits on. The oldest of the queue is the one that clients see as `pending_approval`. */
export interface PendingApproval {
  readonly requestId: string
  readonly kind: ApprovalKind
  readonly toolName: string | null
  /** JSON text of the tool's input. */
  readonly toolInput: string | null
  readonly command: string | null
  readonly filePath: string | null
  readonly diff: string | null
  readonly question: string | null
  readonly proposedAmendment: readonly string[] | null
  /** JSON text of what the agent suggests to allow for good. */
  readonly suggestions: string | null
  /** The agent's own id of the tool call, when known. */
  readonly toolUseId: string | null
  /** The subagent that asks; null on the main thread. */
  readonly agentId: string | null
  /** Set when a hook waits for the answer: the id of the hook's event. */
  readonly eventId: string | null
  /** False when it can only be answered in the terminal. */
  readonly answerable: boolean
  readonly requestedAt: number
}

/** A tool call of the open or the previous turn, so that its result finds its message. */
export interface ToolCall {
  /** Null when the agent does not tell; such a call has no row in the conversation. */
  readonly toolUseId: string | null
  readonly name: string
  /** JSON text; a long one is forgotten once the call is finished. */
  readonly input: string | null
  readonly agentId: string | null
  readonly finished: boolean
  /** Whether its result was told, so that a second report of it says nothing new. */
  readonly resultKnown: boolean
  /** Its row, as long as the transcript has not told where in the conversation it belongs. */
  readonly awaitedRow: ConversationMessage | null
  readonly startedAt: number
}

export interface Subagent {
  readonly id: string
  readonly agentType: string
  /** What it was started for, in a few words. */
  readonly description: string | null
  /** The agent's own id of the tool call that started it. */
  readonly toolUseId: string | null
  /** The subagent that started it; null for the main thread, and where nobody has told. */
  readonly parentId: string | null
  /** Whether it may go on when the turn that started it is over. */
  readonly background: boolean
  readonly transcriptPath: string | null
  readonly startedAt: number
  /** Null while it runs. */
  readonly endedAt: number | null
  /** Null while it runs, and of one that ended before this was stored. */
  readonly outcome: SubagentOutcome | null
  /** The beginning of what it said last. */
  readonly lastMessage: string | null
  /** Tool calls that it has made, as far as they were reported. */
  readonly toolCount: number
  readonly lastTool: string | null
}

export type SubagentOutcome = 'completed' | 'failed' | 'stopped'

/** Something that the agent runs beside the conversation: a shell, a subagent. It does not outlive the agent. */
export interface BackgroundTask {
  /** The agent's own. */
  readonly id: string
  /** `shell`, `agent` and others. */
  readonly kind: string
  readonly description: string
  /** The call that started it. */
  readonly toolUseId: string | null
  readonly startedAt: number
  /** Null while it runs. */
  readonly endedAt: number | null
  readonly outcome: SubagentOutcome | null
}

/** What a person says to an agent that the server runs. */
export interface Prompt {
  readonly content: string
  readonly model: string | null
  readonly effort: string | null
  readonly skills: readonly SkillInput[]
  readonly images: readonly ImageInput[]
  readonly mentions: readonly MentionInput[]
}

/** A prompt that goes out when the agent has done what it is at. */
export interface QueuedPrompt extends Prompt {
  readonly id: string
  readonly queuedAt: number
}

export interface TurnDiff {
  readonly turnId: string
  readonly diff: string
  readonly tokens: TokenUsage | null
}

/** One row of the conversation. `id` is unique in the whole database: `<session id>:<the agent's own id>`. */
export interface ConversationMessage {
  readonly id: string
  readonly type: MessageType
  readonly content: string
  readonly toolName: string | null
  readonly toolInput: string | null
  readonly toolOutput: string | null
  readonly isError: boolean
  /** Wire form: ISO 8601 or `<seconds>Z`. */
  readonly timestamp: string
  readonly durationMs: number | null
  readonly images: readonly ImageInput[]
}

/** What is stored of a session, column by column; null where nothing is known. */
export interface StoredSession {
  readonly provider: Provider
  readonly status: 'active' | 'ended'
  readonly workStatus: 'working' | 'waiting' | 'permission' | 'question' | 'reply' | 'ended'
  readonly projectPath: string
  readonly projectName: string | null
  readonly model: string | null
  readonly contextLabel: string | null
  readonly transcriptPath: string | null
  readonly customName: string | null
  readonly summary: string | null
  readonly firstPrompt: string | null
  readonly lastMessage: string | null
  readonly attentionReason: 'none' | 'awaitingReply' | 'awaitingPermission' | 'awaitingQuestion'
  readonly pendingToolName: string | null
  readonly pendingToolInput: string | null
  readonly pendingQuestion: string | null
  readonly pendingApprovalId: string | null
  readonly approvalVersion: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly endReason: string | null
  readonly lastActivityAt: number | null
  readonly lastTool: string | null
  readonly lastToolAt: number | null
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly contextWindow: number
  /** What the conversation has cost in US dollars, as the agent counts; null as long as it has not told. */
  readonly costUsd: number | null
  readonly promptCount: number
  readonly toolCount: number
  readonly compactCount: number
  readonly effort: string | null
  readonly source: string | null
  readonly agentType: string | null
  readonly permissionMode: string | null
  readonly integrationMode: 'direct' | 'passive' | null
  readonly codexThreadId: string | null
  readonly claudeSdkSessionId: string | null
  readonly approvalPolicy: string | null
  readonly sandboxMode: string | null
  readonly forkedFrom: string | null
  readonly currentDiff: string | null
  readonly currentPlan: string | null
  readonly currentCwd: string | null
  readonly gitBranch: string | null
  readonly gitSha: string | null
  /** Top directory of the repository; of a linked worktree, that of the main one. */
  readonly repositoryRoot: string | null
  /** Top directory of the linked worktree; null in the main one. */
  readonly worktreePath: string | null
  /** Whether something in the worktree is not committed; null where nobody knows. */
  readonly gitDirty: boolean | null
  readonly terminalSessionId: string | null
  readonly terminalApp: string | null
  /** How it is seen where no hooks tell of it. */
  readonly observed: 'transcript' | null
  readonly activeSubagentId: string | null
  readonly activeSubagentType: string | null
  /** First revision that no frame of this session has carried yet, rounded up to a block. */
  readonly revisionCeiling: number
  /** Turns begun so far; the next one is `turn-<turnCount + 1>`. */
  readonly turnCount: number
  readonly currentTurnId: string | null
  /** Sequence of the next message. */
  readonly nextSequence: number
}

/** The actor's state: what is stored, plus what is worked on. */
export interface SessionState
  extends Omit<
    StoredSession,
    | 'status'
    | 'workStatus'
    | 'attentionReason'
    | 'pendingToolName'
    | 'pendingToolInput'
    | 'pendingQuestion'
    | 'pendingApprovalId'
    | 'endReason'
    | 'revisionCeiling'
  > {
  readonly id: string
  /** False until the session shows life: a start alone lists nothing. */
  readonly listed: boolean
  readonly phase: Phase
  /** Oldest first. */
  readonly approvals: readonly PendingApproval[]
  /** Answers given lately, so that a hook that asks again gets the same one. Oldest first. */
  readonly answered: readonly AnsweredApproval[]
  /** Requests that nobody here needs to answer any more. Oldest first. */
  readonly withdrawn: readonly WithdrawnApproval[]
  /** The agent said that it waits, without saying for which request. */
  readonly attention: 'permission' | 'question' | null
  /** A question put through a tool whose answer is not there yet, when no request stands for it. */
  readonly asking: { readonly toolUseId: string | null; readonly question: string | null } | null
  /** The agent's id of the prompt that the open turn answers. */
  readonly promptId: string | null
  /** When the latest prompt arrived. */
  readonly promptedAt: number | null
  /** Tool calls of the open and of the previous turn, oldest first. */
  readonly tools: readonly ToolCall[]
  readonly previousTools: readonly ToolCall[]
  readonly subagents: readonly Subagent[]
  /** Oldest first. */
  readonly backgroundTasks: readonly BackgroundTask[]
  /** The latest calls that changed the plan. */
  readonly planCalls: readonly string[]
  readonly turnDiffs: readonly TurnDiff[]
  /** Oldest first. */
  readonly queue: readonly QueuedPrompt[]
  /** The turn before was stopped or failed: nothing goes out until a person says so. */
  readonly queueHeld: boolean
  /** As clients see them, oldest first. */
  readonly reviewComments: readonly ReviewComment[]
  /** Ids of the rows of the latest calls that an earlier process has counted. */
  readonly countedRows: readonly string[]
  /** Ids of the latest rows, so that a second report of one is recognised. */
  readonly recentIds: readonly string[]
  /** Latest rows that another source may tell once more under an id of its own. */
  readonly echoSources: readonly EchoSource[]
  /** Why the last turn failed, as long as the transcript has not shown it in its place. */
  readonly awaitedFailure: string | null
  /** Whether a compaction was told that the transcript has not shown in its place yet. */
  readonly awaitedCompaction: boolean
  /** The row that `lastMessage` was taken from, when it is known. */
  readonly lastMessageId: string | null
  readonly compactedAt: number | null
  /** Request ids of the commands that people run, as long as they run. Oldest first. */
  readonly shells: readonly string[]
  /** Whether a row of `pending_starts` remembers this session. */
  readonly startPending: boolean
  /** Last `claude_capabilities` and MCP frames, repeated to those who come later. */
  readonly capabilities: Capabilities | null
  readonly startupFrames: readonly ServerMessage[]
}

export interface AnsweredApproval {
  readonly requestId: string
  readonly eventId: string | null
  readonly approval: PendingApproval
  readonly decision: Decision
}

export interface WithdrawnApproval {
  readonly requestId: string
  readonly eventId: string | null
}

/** Clients make `prompt` rows, failed turns `failure`, hooks `compaction`, transcripts `error` rows; each may come again. */
export interface EchoSource {
  readonly kind: 'prompt' | 'failure' | 'compaction' | 'error'
  readonly text: string
  readonly sequence: number
}

export interface Capabilities {
  readonly slashCommands: readonly string[]
  readonly skills: readonly string[]
  readonly tools: readonly string[]
  /** Kinds of subagents. */
  readonly agents: readonly string[]
  readonly models: readonly ClaudeModelOption[]
  readonly permissionModes: readonly string[]
  /** How the agent is signed in, in a word. */
  readonly account: string | null
}

/** What a person decided, in words that no agent defines. Only the three `approved…` words approve. */
export interface Decision {
  readonly verdict: 'approved' | 'approved_for_session' | 'approved_always' | 'denied' | 'abort' | 'answered'
  readonly message: string | null
  readonly interrupt: boolean
  /** JSON text that replaces the tool's input. */
  readonly updatedInput: string | null
  /** The answer to a question: one text, or one per question of a list. */
  readonly answer: string | null
}
