/** What a step asks for: addressed letters that the host delivers. */
import type { ImageInput } from '../protocol/model/message.ts'
import type { ReviewComment } from '../protocol/model/review.ts'
import type { MentionInput, SkillInput } from '../protocol/model/skills.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type {
  Capabilities,
  ConversationMessage,
  Decision,
  PendingApproval,
  QueuedPrompt,
  SessionState,
  StoredSession,
  Subagent,
  TurnDiff,
} from './state.ts'

/** A part of a transcript that is read after its newest one. */
export interface TranscriptGap {
  readonly path: string
  /** Tells the file from another one at the same path. */
  readonly identity: string
  /** The first byte to be read. */
  readonly offset: number
  /** The byte after the last. */
  readonly end: number
  /** Where the next row goes; there is a place for each byte. */
  readonly sequence: number
}

/** A change of one row, in our own names; the store knows the columns. The session's id travels beside it. */
export type StoreRow =
  | { readonly table: 'sessions'; readonly put: Partial<StoredSession> }
  | { readonly table: 'messages'; readonly put: ConversationMessage; readonly sequence: number }
  | {
      readonly table: 'messages'
      readonly patch: {
        readonly id: string
        readonly content?: string
        readonly toolOutput?: string
        readonly isError?: boolean
        readonly durationMs?: number
        readonly images?: readonly ImageInput[]
      }
      /** Used when the row turns out not to exist. */
      readonly sequence: number
      readonly timestamp: string
    }
  /** The rows of another session before a place, each at its own. */
  | { readonly table: 'history'; readonly copy: { readonly sessionId: string; readonly before: number } }
  /** The rows from a place on; what people ran in their shell stays. */
  | { readonly table: 'history'; readonly removeFrom: number }
  | { readonly table: 'approvals'; readonly put: PendingApproval; readonly cwd: string }
  | {
      readonly table: 'approvals'
      /** `answer` is kept so that a hook that asks again after a restart gets the whole of it. */
      readonly decide: {
        readonly requestId: string
        readonly decision: string
        readonly at: number
        readonly answer?: Decision
      }
    }
  /** Takes a row out of the history, by the id that clients know. */
  | { readonly table: 'approvals'; readonly remove: number }
  | { readonly table: 'turn_diffs'; readonly put: TurnDiff }
  | { readonly table: 'subagents'; readonly put: Subagent }
  | { readonly table: 'review_comments'; readonly put: ReviewComment }
  | { readonly table: 'review_comments'; readonly remove: string }
  | { readonly table: 'queued_prompts'; readonly put: QueuedPrompt }
  | { readonly table: 'queued_prompts'; readonly remove: string }
  /** A start that has not shown life yet; `put` is the JSON of the described facts, null forgets it. */
  | { readonly table: 'pending_starts'; readonly put: string | null; readonly at: number }
  | { readonly table: 'events'; readonly seen: string; readonly at: number }
  /** A process that holds the session; `start` tells it from another with the same id, and is null for one of another host. */
  | {
      readonly table: 'processes'
      readonly put: { readonly pid: number; readonly start: string | null; readonly hostId: string }
    }
  | { readonly table: 'processes'; readonly remove: number }
  | {
      readonly table: 'transcripts'
      readonly put: { readonly path: string; readonly offset: number; readonly identity: string }
    }
  /** What of a transcript is still to be read; nothing of it once `offset` has reached `end`. */
  | { readonly table: 'transcript_gaps'; readonly put: TranscriptGap }
  | { readonly table: 'subagent_archive'; readonly put: ShownSubagent }
  | { readonly table: 'tool_lists'; readonly put: ToolLists }
  /** Null: the conversation goes on at its end. */
  | { readonly table: 'resume_points'; readonly put: ResumePoint | null }
  | { readonly table: 'capabilities'; readonly put: Capabilities; readonly at: number }

/** Where the conversation with an agent goes on, when that is not its end. Counts until the agent has written more. */
export type ResumePoint =
  /** Behind this entry of another transcript, which stays as it is. */
  | { readonly kind: 'copy'; readonly path: string; readonly entry: string }
  /** Before this prompt, and so without it. */
  | { readonly kind: 'before'; readonly entry: string }
  /** Nothing was said before. */
  | { readonly kind: 'empty' }

/** What clients were shown of a subagent. */
export interface ShownSubagent {
  readonly subagentId: string
  readonly frameType: 'subagent_tools_list' | 'subagent_messages'
  /** The frame as it was sent, which bounds it. */
  readonly frame: string
  /** Whether the subagent was over, so that nothing will be added. */
  readonly isComplete: boolean
}

/** Tools that an agent of ours may use without asking, and those that it may not use at all, as its CLI names them. */
export interface ToolLists {
  readonly allowedTools: readonly string[]
  readonly disallowedTools: readonly string[]
}

/** What the agent is asked to do. */
export type AgentAction =
  | { readonly do: 'decide'; readonly approval: PendingApproval; readonly decision: Decision }
  /** The hook that waits may go: nobody here will answer it. */
  | { readonly do: 'release'; readonly eventId: string }
  | { readonly do: 'end' }
  /** `messageId`: the row that stands for the prompt; a steer's outcome is reported as a change of it. */
  | {
      readonly do: 'send'
      readonly messageId: string
      readonly content: string
      readonly model: string | null
      readonly effort: string | null
      readonly skills: readonly SkillInput[]
      readonly images: readonly ImageInput[]
      readonly mentions: readonly MentionInput[]
    }
  | { readonly do: 'steer'; readonly messageId: string; readonly content: string }
  | { readonly do: 'interrupt' }
  | { readonly do: 'compact' }
  | { readonly do: 'undo' }
  /** `messageId`: the row of the prompt before which files were as they shall be. */
  | { readonly do: 'rewind'; readonly messageId: string }
  | { readonly do: 'rollback'; readonly turns: number }
  | { readonly do: 'rename'; readonly name: string }
  /** Null: as before. */
  | {
      readonly do: 'configure'
      readonly approvalPolicy: string | null
      readonly sandboxMode: string | null
      readonly permissionMode: string | null
    }

/** What a person wants run in the directory of the session. */
export type ShellAction =
  | {
      readonly do: 'run'
      /** Also the id of the row. */
      readonly requestId: string
      readonly command: string
      /** Null: the directory of the session. */
      readonly cwd: string | null
      readonly timeoutMs: number
    }
  | { readonly do: 'stop'; readonly requestId: string }

export type Effect =
  /** To followers of the session, stamped with a revision; and to the list, where `onList`. */
  | { readonly to: 'clients'; readonly frame: ServerMessage; readonly onList: boolean }
  /** To the list only: session_created. */
  | { readonly to: 'list'; readonly frame: ServerMessage }
  /** To the client whose message this step answers. */
  | { readonly to: 'sender'; readonly frame: ServerMessage }
  | { readonly to: 'store'; readonly row: StoreRow }
  | { readonly to: 'agent'; readonly action: AgentAction }
  | { readonly to: 'shell'; readonly action: ShellAction }

/** The next state and what has to be done, in order. */
export type Step = readonly [SessionState, readonly Effect[]]
