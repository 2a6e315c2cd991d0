/** Sessions, events and messages with what a test does not care about filled in. */
import type { SessionMessage } from '../../src/protocol/client/index.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { newSession } from '../../src/session/new-session.ts'
import type { ConversationMessage, PendingApproval, SessionState, Subagent, ToolCall } from '../../src/session/state.ts'

/** The clock of tests: 21 February 2026, 10:00 UTC, in Unix milliseconds. */
export const NOW = 1_771_668_000_000
export const SESSION_ID = 'od-1'

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>
type MessageOf<Type extends SessionMessage['type']> = Extract<SessionMessage, { type: Type }>
type Given<Type extends SessionEvent['type']> = Partial<Omit<EventOf<Type>, 'type'>>

/** A listed session that waits for its first prompt. */
export const aSession = (over: Partial<SessionState> = {}): SessionState => ({
  ...newSession(SESSION_ID, 'claude', NOW),
  listed: true,
  projectPath: '/proj',
  projectName: 'proj',
  ...over,
})

/** A session that nobody sees yet. */
export const anUnlistedSession = (over: Partial<SessionState> = {}): SessionState => ({
  ...newSession(SESSION_ID, 'claude', NOW),
  ...over,
})

/** In the middle of its first turn. */
export const aWorkingSession = (over: Partial<SessionState> = {}): SessionState =>
  aSession({ phase: { name: 'working' }, turnCount: 1, currentTurnId: 'turn-1', ...over })

/** A session whose agent the server runs. */
export const aDirectSession = (over: Partial<SessionState> = {}): SessionState =>
  aSession({ integrationMode: 'direct', ...over })

export const anEndedSession = (over: Partial<SessionState> = {}): SessionState =>
  aSession({ phase: { name: 'ended', reason: 'prompt_input_exit' }, endedAt: NOW, ...over })

export const anApproval = (over: Partial<PendingApproval> = {}): PendingApproval => ({
  requestId: 'req-1',
  kind: 'exec',
  toolName: 'Bash',
  toolInput: '{"command":"ls"}',
  command: 'ls',
  filePath: null,
  diff: null,
  question: null,
  proposedAmendment: null,
  suggestions: null,
  toolUseId: 'tool-1',
  agentId: null,
  eventId: 'event-1',
  answerable: true,
  requestedAt: NOW,
  ...over,
})

/** In the middle of a turn, waiting for answers to these requests, oldest first. */
export const awaitingApproval = (...requestIds: readonly string[]): SessionState => {
  const ids = requestIds.length === 0 ? ['req-1'] : requestIds
  const approvals = ids.map((requestId, index) =>
    anApproval({ requestId, toolUseId: `tool-${index + 1}`, eventId: `event-${index + 1}` }),
  )
  return aWorkingSession({ approvals, approvalVersion: approvals.length })
}

export const aCall = (over: Partial<ToolCall> = {}): ToolCall => ({
  toolUseId: 'tool-1',
  name: 'Bash',
  input: '{"command":"ls"}',
  agentId: null,
  finished: false,
  resultKnown: false,
  awaitedRow: null,
  startedAt: NOW,
  ...over,
})

export const aSubagent = (over: Partial<Subagent> = {}): Subagent => ({
  id: 'a',
  agentType: 'Explore',
  description: null,
  toolUseId: null,
  parentId: null,
  background: false,
  transcriptPath: null,
  startedAt: NOW,
  endedAt: null,
  outcome: null,
  lastMessage: null,
  toolCount: 0,
  lastTool: null,
  ...over,
})

export const aMessage = (over: Partial<ConversationMessage> = {}): ConversationMessage => ({
  id: `${SESSION_ID}:row-1`,
  type: 'assistant',
  content: 'Done.',
  toolName: null,
  toolInput: null,
  toolOutput: null,
  isError: false,
  timestamp: new Date(NOW).toISOString(),
  durationMs: null,
  images: [],
  ...over,
})

export const aToolMessage = (over: Partial<ConversationMessage> = {}): ConversationMessage =>
  aMessage({
    id: `${SESSION_ID}:tool-1`,
    type: 'tool',
    content: '',
    toolName: 'Bash',
    toolInput: '{"command":"ls"}',
    ...over,
  })

/** What a start of the Claude CLI tells. */
export const start = (over: Given<'session_described'> = {}): SessionEvent => ({
  type: 'session_described',
  quiet: true,
  cwd: '/proj',
  source: 'startup',
  ...over,
})

export const prompt = (text: string | null = 'Fix the login bug', promptId: string | null = null): SessionEvent => ({
  type: 'prompt_submitted',
  text,
  promptId,
})

export const turnCompleted = (over: Given<'turn_completed'> = {}): SessionEvent => ({
  type: 'turn_completed',
  lastMessage: null,
  background: false,
  ...over,
})

export const toolStarted = (over: Given<'tool_started'> = {}): SessionEvent => ({
  type: 'tool_started',
  toolUseId: 'tool-1',
  name: 'Bash',
  input: '{"command":"ls"}',
  agentId: null,
  ...over,
})

export const toolFinished = (over: Given<'tool_finished'> = {}): SessionEvent => ({
  type: 'tool_finished',
  toolUseId: 'tool-1',
  name: 'Bash',
  input: '{"command":"ls"}',
  output: 'a.txt',
  isError: false,
  interrupted: false,
  durationMs: 12,
  agentId: null,
  ...over,
})

export const approvalRequested = (over: Given<'approval_requested'> = {}): SessionEvent => ({
  type: 'approval_requested',
  requestId: null,
  kind: 'exec',
  toolName: 'Bash',
  toolInput: '{"command":"ls"}',
  command: 'ls',
  filePath: null,
  diff: null,
  question: null,
  plan: null,
  proposedAmendment: null,
  suggestions: null,
  agentId: null,
  eventId: 'event-1',
  answerable: true,
  ...over,
})

export const reported = (over: Partial<ConversationMessage> = {}): SessionEvent => ({
  type: 'message_reported',
  message: aMessage(over),
})

export const ended = (reason = 'prompt_input_exit'): SessionEvent => ({ type: 'session_ended', reason })

export const approve = (
  decision = 'approved',
  request_id = 'req-1',
  over: Partial<MessageOf<'approve_tool'>> = {},
): MessageOf<'approve_tool'> => ({ type: 'approve_tool', session_id: SESSION_ID, request_id, decision, ...over })

export const send = (
  content = 'List files',
  over: Partial<MessageOf<'send_message'>> = {},
): MessageOf<'send_message'> => ({
  type: 'send_message',
  session_id: SESSION_ID,
  content,
  skills: [],
  images: [],
  mentions: [],
  ...over,
})
