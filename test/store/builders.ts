/** Messages and approvals with something in every field; a test names what it is about. */
import type { ConversationMessage, PendingApproval } from '../../src/session/state.ts'

export function aMessage(overrides: Partial<ConversationMessage> = {}): ConversationMessage {
  return {
    id: 's1:m1',
    type: 'user',
    content: 'hello',
    toolName: null,
    toolInput: null,
    toolOutput: null,
    isError: false,
    timestamp: '2026-02-21T10:00:00Z',
    durationMs: null,
    images: [],
    ...overrides,
  }
}

export function anApproval(overrides: Partial<PendingApproval> = {}): PendingApproval {
  return {
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
    toolUseId: 'toolu_1',
    agentId: null,
    eventId: 'event-1',
    answerable: true,
    requestedAt: Date.parse('2026-02-21T10:00:00Z'),
    ...overrides,
  }
}
