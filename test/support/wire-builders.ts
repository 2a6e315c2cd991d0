/** Wire objects with everything a schema asks for; a test names only what matters to it. */
import type { ApprovalRequest } from '../../src/protocol/model/approval.ts'
import type { Message } from '../../src/protocol/model/message.ts'
import type { SessionState, SessionSummary } from '../../src/protocol/model/session.ts'

const NO_TOKENS = { input_tokens: 0, output_tokens: 0, cached_tokens: 0, context_window: 0 }

export function aSummary(given: Partial<SessionSummary> = {}): SessionSummary {
  return {
    id: '1a2b3c4d-0000-4000-8000-000000000001',
    provider: 'claude',
    project_path: '/home/ada/engine',
    project_name: 'engine',
    model: 'claude-opus-4',
    status: 'active',
    work_status: 'working',
    started_at: '1771700000Z',
    last_activity_at: '1771700000Z',
    has_pending_approval: false,
    token_usage: NO_TOKENS,
    ...given,
  }
}

export function aSnapshot(given: Partial<SessionState> = {}): SessionState {
  const { has_pending_approval: _, ...facts } = aSummary()
  return {
    ...facts,
    messages: [],
    pending_approval: null,
    token_usage: NO_TOKENS,
    current_diff: null,
    current_plan: null,
    turn_count: 0,
    ...given,
  }
}

export function aMessage(given: Partial<Message> = {}): Message {
  return {
    id: 'm1',
    session_id: aSummary().id,
    message_type: 'assistant',
    content: 'Hello.',
    tool_name: null,
    tool_input: null,
    tool_output: null,
    is_error: false,
    timestamp: '1771700000Z',
    duration_ms: null,
    ...given,
  }
}

/** A permission prompt for a shell command. */
export function aRequest(given: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'toolu_1',
    session_id: aSummary().id,
    type: 'exec',
    command: 'rm -rf build',
    file_path: null,
    diff: null,
    question: null,
    tool_name: 'Bash',
    tool_input: JSON.stringify({ command: 'rm -rf build' }),
    ...given,
  }
}
