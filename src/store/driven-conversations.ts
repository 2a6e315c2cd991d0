/** Conversations of the agents that the server drives, which the agents may call by other ids than we do. */
import type { Database } from 'bun:sqlite'
import { rows } from './prepared.ts'

const SQL = `SELECT 1 FROM sessions
  WHERE id = ? AND claude_sdk_session_id = ? AND claude_integration_mode = 'direct'`

/** Whether the session, which the server drives, was last known to be this conversation of Claude. */
export function isDrivenConversation(db: Database, sessionId: string, conversationId: string): boolean {
  return rows(db, SQL, sessionId, conversationId).length > 0
}
