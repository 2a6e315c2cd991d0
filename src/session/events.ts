/** What agents, hooks, transcripts and rollouts report about one session. Facts, in the past tense. */
import type { TaskChange } from '../lib/claude-tasks.ts'
import type { ImageInput } from '../protocol/model/message.ts'
import type { TokenUsage } from '../protocol/model/session.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type {
  ApprovalKind,
  BackgroundTask,
  Capabilities,
  ConversationMessage,
  Subagent,
  SubagentOutcome,
} from './state.ts'

/** What may be told of a subagent at any time; absent keys are unknown. */
export type SubagentFacts = Partial<Pick<Subagent, 'description' | 'toolUseId' | 'parentId' | 'background'>>

/** Something that the agent runs beside the conversation. */
export type ToldTask = Pick<BackgroundTask, 'id' | 'kind' | 'description' | 'toolUseId'>

export interface SeenRepository {
  /** The branch; where none is checked out, the beginning of the commit's name. */
  readonly branch: string | null
  readonly sha: string | null
  /** Top directory of the main worktree. */
  readonly repositoryRoot: string
  /** Top directory of the worktree, when it is a linked one. */
  readonly worktreePath: string | null
  /** Null where nobody knows; absent as long as nobody has looked. */
  readonly dirty?: boolean | null
}

export type SessionEvent =
  /**
   * Facts about the session; absent keys are unknown. Alone it lists nothing when `quiet`.
   * Only the start of a session tells its `source`, and only a start wakes a session that has ended.
   */
  | {
      readonly type: 'session_described'
      readonly quiet: boolean
      readonly cwd?: string
      /** Told where a turn begins or ends, so that `cwd` is where the session works now. */
      readonly atTurnBound?: true
      readonly model?: string
      readonly source?: string
      readonly contextLabel?: string
      readonly transcriptPath?: string
      readonly permissionMode?: string
      readonly agentType?: string
      readonly terminalSessionId?: string
      readonly terminalApp?: string
      readonly forkedFrom?: string
      readonly effort?: string
      readonly projectName?: string
      readonly integrationMode?: 'direct' | 'passive'
      readonly codexThreadId?: string
      readonly claudeSdkSessionId?: string
      readonly approvalPolicy?: string
      readonly sandboxMode?: string
      /** How it is seen where no hooks tell of it; null where they do. */
      readonly observed?: 'transcript' | null
    }
  | { readonly type: 'session_ended'; readonly reason: string }
  /** `text` is null for a prompt that no person wrote. */
  | {
      readonly type: 'prompt_submitted'
      readonly text: string | null
      readonly promptId: string | null
      /** When it was sent, in Unix milliseconds, where that is known: a spooled prompt arrives late. */
      readonly at?: number
    }
  | { readonly type: 'turn_started' }
  /** `background`: work of the turn that still runs, so the session is not done. */
  | {
      readonly type: 'turn_completed'
      readonly lastMessage: string | null
      readonly background: boolean
      /** Ids of the subagents that go on, where the agent lists them. */
      readonly subagents?: readonly string[]
    }
  /** `at`: Unix milliseconds; an abort from before the latest prompt says nothing about the turn that answers it. */
  | { readonly type: 'turn_aborted'; readonly reason: string; readonly at?: number }
  /** `transcribed`: a transcript that is read will tell of it, too. */
  | { readonly type: 'turn_failed'; readonly code: string; readonly message: string; readonly transcribed?: true }
  | {
      readonly type: 'tool_started'
      readonly toolUseId: string | null
      readonly name: string
      /** JSON text. */
      readonly input: string | null
      readonly agentId: string | null
      /** Whether a transcript that is read will tell of it too, and of the words before it. */
      readonly transcribed?: true
    }
  /** The transcript has had its time: rows that still wait for it go where the conversation is now. */
  | { readonly type: 'rows_due' }
  | {
      readonly type: 'tool_finished'
      readonly toolUseId: string | null
      readonly name: string
      readonly input: string | null
      readonly output: string | null
      readonly isError: boolean
      readonly interrupted: boolean
      readonly durationMs: number | null
      readonly agentId: string | null
    }
  /** Several tool calls are over (Claude's PostToolBatch); closes what their own events did not. */
  | { readonly type: 'tools_settled'; readonly toolUseIds: readonly string[] }
  | {
      readonly type: 'approval_requested'
      /** Null when the agent has none: the machine takes the id of the matching tool call, else the event's id. */
      readonly requestId: string | null
      /** The call that it is for, where the agent says; else the machine looks for one that fits. */
      readonly toolUseId?: string | null
      readonly kind: ApprovalKind
      readonly toolName: string | null
      readonly toolInput: string | null
      readonly command: string | null
      readonly filePath: string | null
      readonly diff: string | null
      readonly question: string | null
      readonly plan: string | null
      readonly proposedAmendment: readonly string[] | null
      readonly suggestions: string | null
      readonly agentId: string | null
      readonly eventId: string | null
      readonly answerable: boolean
    }
  /** The agent no longer asks: answered elsewhere, or taken back. */
  | { readonly type: 'approval_withdrawn'; readonly requestId: string | null; readonly eventId: string | null }
  /** The agent says that it waits, without saying for which request. */
  | { readonly type: 'attention_noted'; readonly reason: 'permission' | 'question' | 'reply' }
  /** What the agent's own records say that it does; hooks keep silent about refusals and interruptions in the terminal. */
  | { readonly type: 'status_observed'; readonly doing: 'working' | 'waiting' | 'permission' | 'question' }
  /**
   * A row of the conversation, new or again; joined by id. `aside`: between the person and the agent's program alone, so
   * that it names nothing and is nobody's last word.
   */
  | { readonly type: 'message_reported'; readonly message: ConversationMessage; readonly aside?: true }
  /** Growing text or output, or, with `isError` or `durationMs`, the result of a tool call. */
  | {
      readonly type: 'message_changed'
      readonly id: string
      readonly content?: string
      readonly toolOutput?: string
      readonly isError?: boolean
      readonly durationMs?: number
      /** Milliseconds between call and result, somebody's thinking included: for where no hooks tell the duration. */
      readonly elapsedMs?: number
      readonly images?: readonly ImageInput[]
    }
  /**
   * The newest part of a long transcript is read first: so many places are kept for the rows before it. `firstPrompt` is
   * the one at its very beginning, where that was looked at.
   */
  | { readonly type: 'past_postponed'; readonly places: number; readonly firstPrompt: string | null }
  /** A row of the past, or a change of one, that was postponed; it goes to one of the places that were kept. */
  | {
      readonly type: 'past_told'
      readonly sequence: number
      readonly told: Extract<SessionEvent, { readonly type: 'message_reported' | 'message_changed' }>
    }
  | { readonly type: 'tokens_reported'; readonly tokens: TokenUsage }
  /** US dollars, as the agent counts them: what the whole conversation has cost so far, or what has come to it. */
  | ({ readonly type: 'cost_reported' } & ({ readonly totalUsd: number } | { readonly addedUsd: number }))
  | { readonly type: 'diff_reported'; readonly diff: string }
  | { readonly type: 'plan_reported'; readonly plan: string }
  /** Steps of the plan are new, or changed; another source may tell of the same call again. */
  | { readonly type: 'plan_changed'; readonly change: TaskChange; readonly toolUseId: string | null }
  | { readonly type: 'thread_named'; readonly name: string }
  | { readonly type: 'summary_found'; readonly summary: string }
  | {
      readonly type: 'environment_reported'
      readonly cwd?: string
      readonly gitBranch?: string
      readonly gitSha?: string
    }
  /** What git's own files say about the directory of the session; null where it is in no repository. */
  | { readonly type: 'repository_seen'; readonly repository: SeenRepository | null }
  | { readonly type: 'model_reported'; readonly model: string }
  | { readonly type: 'permission_mode_reported'; readonly mode: string }
  /** What is left out stays as it was told before. */
  | { readonly type: 'capabilities_reported'; readonly capabilities: Partial<Capabilities> }
  | { readonly type: 'compaction_started' }
  /** `row`: id and time of its row, where a transcript tells of it. `transcribed`: one that is read will tell of it, too. */
  | {
      readonly type: 'context_compacted'
      readonly transcribed?: true
      readonly row?: Pick<ConversationMessage, 'id' | 'timestamp'>
    }
  | { readonly type: 'undo_started'; readonly message: string | null }
  | { readonly type: 'undo_completed'; readonly success: boolean; readonly message: string | null }
  | { readonly type: 'thread_rolled_back'; readonly turns: number }
  /**
   * The rows from the place `from` on are gone with their turns, and a row in their place says so: `notice`. `lastMessage`:
   * what was said last before them.
   */
  | {
      readonly type: 'turns_dropped'
      readonly from: number
      readonly lastMessage: string | null
      readonly notice: string
    }
  /** The session begins with the rows of another one before the place `before`. */
  | {
      readonly type: 'history_copied'
      readonly sessionId: string
      readonly before: number
      readonly firstPrompt: string | null
      readonly lastMessage: string | null
      /** Prompts among the rows. */
      readonly prompts: number
    }
  /** A subagent runs: it was started, or does something. `at`: Unix milliseconds, where it is not now. */
  | ({
      readonly type: 'subagent_started'
      readonly agentId: string
      readonly agentType: string | null
      readonly at?: number
    } & SubagentFacts)
  /** Somebody wrote to a subagent: if it had ended it goes on, in the background. */
  | { readonly type: 'subagent_resumed'; readonly agentId: string; readonly at?: number }
  /** `agentId` is null where only the call is known that started it. */
  | ({
      readonly type: 'subagent_stopped'
      readonly agentId: string | null
      readonly agentType: string | null
      readonly transcriptPath: string | null
      readonly outcome?: SubagentOutcome
      readonly lastMessage?: string | null
      readonly at?: number
    } & SubagentFacts)
  | { readonly type: 'background_task_started'; readonly task: ToldTask }
  | { readonly type: 'background_task_ended'; readonly id: string; readonly outcome: SubagentOutcome }
  /** All that run now; `gone`: how those ended that were known and are none of them. */
  | {
      readonly type: 'background_tasks_listed'
      readonly tasks: readonly ToldTask[]
      readonly gone: SubagentOutcome
    }
  /** What a client asked for could not be handed to the agent, or the agent refused it. */
  | { readonly type: 'action_failed'; readonly message: string }
  /** What a command that a person has run has said so far; only the newest part where that is much. */
  | {
      readonly type: 'shell_progressed'
      readonly requestId: string
      readonly stdout: string
      readonly stderr: string
    }
  /** `exitCode`: null when the command could not start or was stopped, -1 when a signal ended it. */
  | {
      readonly type: 'shell_finished'
      readonly requestId: string
      readonly stdout: string
      readonly stderr: string
      readonly exitCode: number | null
      readonly durationMs: number
    }
  /** A frame that passes through unchanged (skills, MCP start-up). */
  | { readonly type: 'frame_reported'; readonly frame: ServerMessage }
