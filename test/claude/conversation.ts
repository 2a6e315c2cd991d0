/** A session as a person reads it: one line for each row, without ids and times. */
import type { Message } from '../../src/protocol/model/message.ts'
import type { SessionState } from '../../src/protocol/model/session.ts'
import type { TestClient } from '../support/test-client.ts'

/** Rows in order: `user: …`, `assistant: …`, `Bash: <output>`, `Bash failed: <output>`. Thinking is left out. */
export function conversationOf({ messages }: SessionState): string[] {
  return messages.filter(({ message_type }) => message_type !== 'thinking').map(line)
}

/** What a client sees when a turn is over that the model ended with `text`. */
export function turnEndedWith(client: TestClient, sessionId: string, text: string): Promise<SessionState> {
  const isOver = ({ messages, work_status, pending_approval }: SessionState) =>
    messages.findLast(({ message_type }) => message_type === 'assistant')?.content === text &&
    work_status === 'waiting' &&
    pending_approval === null
  return client.waitForView(sessionId, `the end of the turn with "${text}"`, isOver)
}

/** The rows of tool calls. */
export function toolRows({ messages }: SessionState): Message[] {
  return messages.filter(({ message_type }) => message_type === 'tool')
}

function line(row: Message): string {
  if (row.message_type !== 'tool') return `${row.message_type}: ${row.content}`
  return `${row.tool_name}${row.is_error ? ' failed' : ''}: ${row.tool_output?.trim() ?? '(open)'}`
}
