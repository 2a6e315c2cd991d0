/** Rows of the table `queued_prompts`. */
import type { Database } from 'bun:sqlite'
import { isJsonObject } from '../lib/json.ts'
import type { QueuedPrompt } from '../session/state.ts'
import { json } from './cells.ts'
import { change, rows } from './prepared.ts'

const PUT = `INSERT INTO queued_prompts (session_id, prompt_id, prompt) VALUES (?, ?, ?)
  ON CONFLICT (session_id, prompt_id) DO UPDATE SET prompt = excluded.prompt`

/** Puts a prompt at the end of the queue, or changes it in its place. */
export function putQueuedPrompt(db: Database, sessionId: string, prompt: QueuedPrompt): void {
  change(db, PUT, sessionId, prompt.id, JSON.stringify(prompt))
}

/** Takes a prompt out of the queue. */
export function removeQueuedPrompt(db: Database, sessionId: string, id: string): void {
  change(db, 'DELETE FROM queued_prompts WHERE session_id = ? AND prompt_id = ?', sessionId, id)
}

/** What waits in a session, in the order in which it goes out. */
export function readQueuedPrompts(db: Database, sessionId: string): readonly QueuedPrompt[] {
  return rows(db, 'SELECT prompt FROM queued_prompts WHERE session_id = ? ORDER BY position', sessionId).flatMap(
    ([cell]) => {
      const prompt = json(cell)
      return isJsonObject(prompt) ? [prompt as unknown as QueuedPrompt] : []
    },
  )
}
