/** What the translation of one conversation remembers from line to line. */
import type { MessageType } from '../../../protocol/model/message.ts'
import type { SessionEvent } from '../../../session/events.ts'
import type { ConversationMessage } from '../../../session/state.ts'
import { isoTime } from '../../../session/times.ts'

/** A content block that the model is writing, or has written. */
export interface StreamedBlock {
  readonly rowId: string
  readonly type: 'assistant' | 'thinking'
  text: string
  /** Whether its row is there. */
  shown: boolean
  /** Whether its whole text has come. */
  whole: boolean
}

export interface OpenCall {
  readonly name: string
  /** JSON text. */
  readonly input: string | null
  readonly agentId: string | null
  /** When it began, or was allowed, in Unix milliseconds. */
  startedAt: number
}

/** Work of the CLI beside the conversation: subagents, shells. */
export interface BackgroundTask {
  readonly id: string
  /** The call that started it. */
  readonly toolUseId: string | null
  readonly isAgent: boolean
  /** Whether the conversation goes on beside it. */
  readonly isBackground: boolean
}

export interface TranslationContext {
  readonly sessionId: string
  /** Unix milliseconds. */
  readonly now: () => number
  /** The message of the main thread that is being written: its id, and its blocks by index. */
  messageId: string
  readonly blocks: Map<number, StreamedBlock>
  readonly calls: Map<string, OpenCall>
  readonly tasks: Map<string, BackgroundTask>
  model: string | null
  /** As the CLI told it last. */
  permissionMode: string | null
  /** Tokens that the model takes, as the CLI says; 0 while it has not. */
  contextWindow: number
  /** What the CLI has told as the cost so far, in US dollars, and of which conversation; null while it has not. */
  cost: { readonly totalUsd: number; readonly conversation: string | null } | null
  /** Whether the first such sum has what earlier processes of the conversation cost in it. */
  countsOn: boolean
  /** The row that tells of refused requests to the API, as long as they are tried again. */
  retryRow: string | null
  /** What was told last of each limit of the account, by its kind. */
  readonly limits: Map<string, string>
  /** Whether a turn is open, as far as the CLI has told. */
  inTurn: boolean
  /** Whether the CLI is at work on it: a prompt may be on its way to a CLI that still ends the turn before. */
  begun: boolean
  /** The turn is over but for its subagents, whose report begins another one. */
  awaitsAgents: boolean
  /** The session has ended the turn by itself, as with a refusal that interrupts: its result is still on its way. */
  abandoned: boolean
}

/** Nothing remembered yet. */
export function newContext(sessionId: string, now: () => number): TranslationContext {
  return {
    sessionId,
    now,
    messageId: '',
    blocks: new Map(),
    calls: new Map(),
    tasks: new Map(),
    model: null,
    permissionMode: null,
    contextWindow: 0,
    cost: null,
    countsOn: false,
    retryRow: null,
    limits: new Map(),
    inTurn: false,
    begun: false,
    awaitsAgents: false,
    abandoned: false,
  }
}

/** A new row of the conversation. */
export function rowEvent(
  { now }: TranslationContext,
  given: { readonly id: string; readonly type: MessageType; readonly content: string } & Partial<ConversationMessage>,
): SessionEvent {
  const message = {
    toolName: null,
    toolInput: null,
    toolOutput: null,
    isError: false,
    timestamp: isoTime(now()),
    durationMs: null,
    images: [],
    ...given,
  }
  return { type: 'message_reported', message }
}

/** The id of the row that stands for something with an id of the CLI. */
export function rowId({ sessionId }: TranslationContext, id: string): string {
  return `${sessionId}:${id}`
}

/** The subagent that a call of the main thread runs; the call itself where the CLI has not told yet. */
export function agentOf({ tasks }: TranslationContext, parent: string | null): string | null {
  if (parent === null) return null
  for (const { id, toolUseId } of tasks.values()) if (toolUseId === parent) return id
  return parent
}

/** The CLI is at work: the beginning of a turn, unless one is open. */
export function turnBegins(context: TranslationContext): readonly SessionEvent[] {
  context.begun = true
  context.awaitsAgents = false
  if (context.inTurn) return []
  context.inTurn = true
  return [{ type: 'turn_started' }]
}
