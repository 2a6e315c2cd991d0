/** Rows of the table `sessions`, and everything that a session's actor starts from. */
import type { Database } from 'bun:sqlite'
import { COUNTED_ROWS_MAX } from '../lib/limits.ts'
import type { ReviewComment } from '../protocol/model/review.ts'
import type { StoredListing } from '../session/restore.ts'
import type {
  AnsweredApproval,
  Capabilities,
  PendingApproval,
  QueuedPrompt,
  StoredSession,
  Subagent,
  TurnDiff,
} from '../session/state.ts'
import { readAnswered, readPending } from './approval-rows.ts'
import { readCapabilities } from './capabilities.ts'
import { readRecentCallIds } from './messages.ts'
import { type Cells, change, rows, type SqlValue } from './prepared.ts'
import { readQueuedPrompts } from './queued-prompts.ts'
import { readReviewComments } from './review-comments.ts'
import { SESSION_COLUMNS } from './session-columns.ts'
import { readSubagents } from './subagents.ts'
import { readTurnDiffs, turnNumber } from './turn-diffs.ts'

type Field = keyof StoredSession

export interface SessionRecord {
  readonly stored: StoredSession
  /** Undecided, oldest first. */
  readonly approvals: readonly PendingApproval[]
  /** Decided lately through a hook that may ask again, oldest first. */
  readonly answered: readonly AnsweredApproval[]
  readonly subagents: readonly Subagent[]
  readonly turnDiffs: readonly TurnDiff[]
  /** Oldest first. */
  readonly reviewComments: readonly ReviewComment[]
  /** Oldest first. */
  readonly queue: readonly QueuedPrompt[]
  readonly capabilities: Capabilities | null
  /** Ids of the rows of the latest tool calls. */
  readonly countedRows: readonly string[]
}

const FIELDS = Object.keys(SESSION_COLUMNS) as Field[]

const CREATE = `INSERT INTO sessions (id, project_path, provider, status, work_status)
  VALUES (?, ?, ?, 'active', 'waiting') ON CONFLICT (id) DO NOTHING`

/** What an update of one set of fields needs; the sets are few and come again and again. */
interface UpdatePlan {
  readonly sql: string
  readonly fields: readonly Field[]
}

/** Plans kept; a client that could make up sets of fields at will does not exist, but memory is bounded all the same. */
const PLANS_MAX = 256

const plans = new Map<string, UpdatePlan>()

/**
 * Writes the given fields; the row is made when it does not exist and `projectPath` is among them.
 * Throws when there is no row to write to. A shadow row that the schema's triggers refuse counts as written.
 */
export function putSession(db: Database, id: string, put: Partial<StoredSession>): void {
  const plan = planOf(put)
  if (update(db, id, plan, put) > 0) return
  if (put.projectPath !== undefined) {
    if (change(db, CREATE, id, put.projectPath, put.provider ?? 'claude') > 0) update(db, id, plan, put)
  } else if (!sessionExists(db, id)) throw new Error('no such session')
}

/** What is stored of one session; undefined when nothing is. */
export function readSession(db: Database, id: string): SessionRecord | undefined {
  const [cells] = rows(db, `SELECT ${selectList(FIELDS)} FROM sessions WHERE id = ?`, id)
  if (!cells) return undefined
  const stored = readFields(FIELDS, cells) as unknown as StoredSession
  const turnDiffs = readTurnDiffs(db, id)
  const turnCount = Math.max(stored.turnCount, turnDiffs.length, ...turnDiffs.map(turnNumber))
  return {
    stored: { ...stored, turnCount },
    approvals: readPending(db, id),
    answered: readAnswered(db, id),
    subagents: readSubagents(db, id),
    turnDiffs,
    reviewComments: readReviewComments(db, id),
    queue: readQueuedPrompts(db, id),
    capabilities: readCapabilities(db, id),
    countedRows: readRecentCallIds(db, id, COUNTED_ROWS_MAX),
  }
}

/** SQL: not an empty shell or a ghost. */
export const WAS_A_SESSION = "(end_reason IS NULL OR end_reason NOT IN ('startup_empty_shell', 'startup_ghost_direct'))"

export interface ListedRow extends StoredListing, Pick<StoredSession, 'pendingApprovalId'> {
  readonly id: string
}

const LISTED_FIELDS = [
  'provider',
  'status',
  'workStatus',
  'projectPath',
  'transcriptPath',
  'projectName',
  'model',
  'customName',
  'summary',
  'firstPrompt',
  'lastMessage',
  'integrationMode',
  'approvalPolicy',
  'sandboxMode',
  'permissionMode',
  'startedAt',
  'lastActivityAt',
  'endReason',
  'inputTokens',
  'outputTokens',
  'cachedTokens',
  'contextWindow',
  'costUsd',
  'gitBranch',
  'gitSha',
  'repositoryRoot',
  'worktreePath',
  'gitDirty',
  'currentCwd',
  'effort',
  'pendingQuestion',
  'pendingApprovalId',
  'approvalVersion',
  'observed',
  'currentTurnId',
] as const satisfies readonly Exclude<keyof ListedRow, 'id'>[]

/**
 * Active sessions first, then the newest ended ones; either with the latest activity first, at most `limit` in all.
 * What never was a session, empty shells and ghosts, is left out.
 */
export function listSessions(db: Database, { limit }: { limit: number }): readonly ListedRow[] {
  // Sorting row numbers alone takes half the time of sorting whole rows.
  const sql = `WITH listed AS MATERIALIZED (
      SELECT rowid AS number FROM sessions
      WHERE ${WAS_A_SESSION}
      ORDER BY status IS NOT 'active', coalesce(last_activity_at, started_at, '') DESC LIMIT ?)
    SELECT id, ${selectList(LISTED_FIELDS)} FROM listed CROSS JOIN sessions ON sessions.rowid = listed.number`
  return rows(db, sql, limit).map((cells) => ({ id: String(cells[0]), ...readFields(LISTED_FIELDS, cells, 1) }))
}

/** SQL of a column list that `readFields` understands. */
export function selectList(fields: readonly Field[]): string {
  return fields.map((field) => SESSION_COLUMNS[field].select).join(', ')
}

/** The fields of one row, whose cells begin at `from`. */
export function readFields<Some extends Field>(
  fields: readonly Some[],
  cells: Cells,
  from = 0,
): Pick<StoredSession, Some> {
  const values: Record<string, unknown> = {}
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as Some
    values[field] = SESSION_COLUMNS[field].read(cells[from + index])
  }
  return values as Pick<StoredSession, Some>
}

function update(db: Database, id: string, { sql, fields }: UpdatePlan, put: Partial<StoredSession>): number {
  return fields.length === 0 ? 0 : change(db, sql, id, ...fields.map((field) => write(field, put)))
}

function sessionExists(db: Database, id: string): boolean {
  return rows(db, 'SELECT 1 FROM sessions WHERE id = ?', id).length > 0
}

function planOf(put: Partial<StoredSession>): UpdatePlan {
  const key = Object.keys(put).join()
  const known = plans.get(key)
  if (known) return known
  const fields = FIELDS.filter((field) => field in put && SESSION_COLUMNS[field].assign !== null)
  const plan = { sql: updateStatement(fields), fields }
  if (plans.size >= PLANS_MAX) plans.clear()
  plans.set(key, plan)
  return plan
}

/** Numbered parameters, because one of the assignments uses its value twice. */
function updateStatement(fields: readonly Field[]): string {
  const assignments = fields.map((field, index) => SESSION_COLUMNS[field].assign?.replaceAll('?', `?${index + 2}`))
  return `UPDATE sessions SET ${assignments.join(', ')} WHERE id = ?1`
}

function write<Some extends Field>(field: Some, put: Partial<StoredSession>): SqlValue {
  const value = put[field] as StoredSession[Some]
  return SESSION_COLUMNS[field].write(value)
}
