/** A session as a person reads it: one line for each row, without ids and times. */
import type { Message } from '../../src/protocol/model/message.ts'
import type { SessionState } from '../../src/protocol/model/session.ts'

/** Rows in order: `user: …`, `assistant: …`, `Bash: <output>`, `Bash failed: <output>`. Thinking is left out. */
export function conversationOf({ messages }: SessionState): string[] {
  return messages.filter(({ message_type }) => message_type !== 'thinking').map(line)
}

/** Whether the newest thing said by the model is `text`. */
export function endsWith(view: SessionState, text: string): boolean {
  return view.messages.findLast(({ message_type }) => message_type === 'assistant')?.content === text
}

/** The rows of tool calls. */
export function toolRows({ messages }: SessionState): Message[] {
  return messages.filter(({ message_type }) => message_type === 'tool')
}

function line(row: Message): string {
  if (row.message_type !== 'tool') return `${row.message_type}: ${row.content}`
  return `${row.tool_name}${row.is_error ? ' failed' : ''}: ${row.tool_output?.trim() ?? '(open)'}`
}
