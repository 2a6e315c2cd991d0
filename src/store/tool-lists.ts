/** Rows of the table `tool_lists`: what sessions that the server drives were told about tools. */
import type { Database } from 'bun:sqlite'
import type { ToolLists } from '../session/effects.ts'
import { texts } from './cells.ts'
import { change, rows } from './prepared.ts'

const PUT = `INSERT INTO tool_lists (session_id, allowed, disallowed) VALUES (?, ?, ?)
  ON CONFLICT (session_id) DO UPDATE SET allowed = excluded.allowed, disallowed = excluded.disallowed`

/** Remembers the lists of a session. */
export function putToolLists(db: Database, sessionId: string, { allowedTools, disallowedTools }: ToolLists): void {
  change(db, PUT, sessionId, JSON.stringify(allowedTools), JSON.stringify(disallowedTools))
}

/** The lists of a session; empty ones when it was told nothing. */
export function readToolLists(db: Database, sessionId: string): ToolLists {
  const [cells = []] = rows(db, 'SELECT allowed, disallowed FROM tool_lists WHERE session_id = ?', sessionId)
  return { allowedTools: texts(cells[0]) ?? [], disallowedTools: texts(cells[1]) ?? [] }
}
