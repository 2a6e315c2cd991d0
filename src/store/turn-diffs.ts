/** Rows of the table `turn_diffs`. */
import type { Database } from 'bun:sqlite'
import type { TurnDiff } from '../session/state.ts'
import { count, text } from './cells.ts'
import { type Cells, change, rows } from './prepared.ts'

/** Diffs kept in memory per session; clients see fewer. */
const DIFFS_MAX = 200

const PUT = `INSERT INTO turn_diffs (session_id, turn_id, diff, input_tokens, output_tokens, cached_tokens, context_window)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (session_id, turn_id) DO UPDATE SET
    diff = excluded.diff,
    input_tokens = excluded.input_tokens,
    output_tokens = excluded.output_tokens,
    cached_tokens = excluded.cached_tokens,
    context_window = excluded.context_window`

/** Adds the diff of a turn, or replaces it in its place. */
export function putTurnDiff(db: Database, sessionId: string, { turnId, diff, tokens }: TurnDiff): void {
  const { input_tokens = 0, output_tokens = 0, cached_tokens = 0, context_window = 0 } = tokens ?? {}
  change(db, PUT, sessionId, turnId, diff, input_tokens, output_tokens, cached_tokens, context_window)
}

/** The newest diffs of a session, oldest first. */
export function readTurnDiffs(db: Database, sessionId: string): readonly TurnDiff[] {
  const sql = `SELECT turn_id, diff, input_tokens, output_tokens, cached_tokens, context_window FROM turn_diffs
    WHERE session_id = ? ORDER BY rowid DESC LIMIT ?`
  return rows(db, sql, sessionId, DIFFS_MAX).map(toTurnDiff).reverse()
}

/** The number of a turn that is named `turn-<number>`, else 0. */
export function turnNumber({ turnId }: TurnDiff): number {
  return count(Number(/^turn-(\d+)$/.exec(turnId)?.[1]))
}

/** All counters at 0 mean that nobody counted. */
function toTurnDiff([turnId, diff, ...counters]: Cells): TurnDiff {
  const [input_tokens = 0, output_tokens = 0, cached_tokens = 0, context_window = 0] = counters.map(count)
  const counted = input_tokens > 0 || output_tokens > 0 || context_window > 0
  return {
    turnId: text(turnId) ?? '',
    diff: text(diff) ?? '',
    tokens: counted ? { input_tokens, output_tokens, cached_tokens, context_window } : null,
  }
}
