/** Rows of the table `approval_history`: what an agent asks, and what was decided. */
import type { Database } from 'bun:sqlite'
import { ANSWERED_APPROVALS_MAX, PENDING_APPROVALS_MAX } from '../lib/limits.ts'
import type { StoreRow } from '../session/effects.ts'
import type { AnsweredApproval, ApprovalKind, Decision, PendingApproval } from '../session/state.ts'
import { isoSeconds } from '../session/times.ts'
import { flag, json, text, texts, word } from './cells.ts'
import { type Cells, change, rows } from './prepared.ts'
import { unixMs } from './times.ts'

export type ApprovalDecided = Extract<StoreRow, { decide: unknown }>['decide']

const KINDS: readonly ApprovalKind[] = ['exec', 'patch', 'question']
const VERDICTS: readonly Decision['verdict'][] = [
  'approved',
  'approved_for_session',
  'approved_always',
  'denied',
  'abort',
  'answered',
]

const FIELDS = `approval_type, tool_name, tool_input, command, file_path, diff, question, proposed_amendment,
  permission_suggestions, tool_use_id, agent_id, event_id, answerable, created_at`

const VALUES = '?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16'

const UPDATE_OPEN = `UPDATE approval_history SET (${FIELDS}, cwd) = (${VALUES}, ?17)
  WHERE session_id = ?1 AND request_id = ?2 AND decision IS NULL`

/** Not once more when the store's thread died between its commit and the news of it. */
const INSERT = `INSERT INTO approval_history (session_id, request_id, ${FIELDS}, cwd) SELECT ?1, ?2, ${VALUES}, ?17
  WHERE NOT EXISTS (SELECT 1 FROM approval_history WHERE session_id = ?1 AND request_id = ?2 AND created_at = ?16)`

const DECIDE = `UPDATE approval_history SET decision = ?3, decided_at = ?4, answer = ?5
  WHERE session_id = ?1 AND request_id = ?2 AND decision IS NULL`

/** Writes a request; one that is still open under the same id is replaced, a decided one is history. */
export function putApproval(db: Database, sessionId: string, approval: PendingApproval, cwd: string): void {
  const values = [
    sessionId,
    approval.requestId,
    approval.kind,
    approval.toolName,
    approval.toolInput,
    approval.command,
    approval.filePath,
    approval.diff,
    approval.question,
    approval.proposedAmendment && JSON.stringify(approval.proposedAmendment),
    approval.suggestions,
    approval.toolUseId,
    approval.agentId,
    approval.eventId,
    approval.answerable ? 1 : 0,
    isoSeconds(approval.requestedAt),
    cwd,
  ]
  if (change(db, UPDATE_OPEN, ...values) === 0) change(db, INSERT, ...values)
}

/** Closes every open row of a request. */
export function decideApproval(
  db: Database,
  sessionId: string,
  { requestId, decision, at, answer }: ApprovalDecided,
): void {
  change(db, DECIDE, sessionId, requestId, decision, isoSeconds(at), answer ? JSON.stringify(answer) : null)
}

/** Takes one row out of the history. */
export function removeApproval(db: Database, id: number): void {
  change(db, 'DELETE FROM approval_history WHERE id = ?', id)
}

/** What a session still waits on, oldest first. */
export function readPending(db: Database, sessionId: string): readonly PendingApproval[] {
  return rows(db, SELECT_OPEN, sessionId, PENDING_APPROVALS_MAX).map(toPending)
}

/** The last answers to hooks, oldest first: a hook that was not reached with its answer asks again. */
export function readAnswered(db: Database, sessionId: string): readonly AnsweredApproval[] {
  return rows(db, SELECT_ANSWERED, sessionId, ANSWERED_APPROVALS_MAX)
    .flatMap((cells) => toAnswered(cells) ?? [])
    .reverse()
}

const SELECT_OPEN = `SELECT request_id, ${FIELDS} FROM approval_history
  WHERE session_id = ? AND decision IS NULL ORDER BY id LIMIT ?`

const SELECT_ANSWERED = `SELECT decision, answer, request_id, ${FIELDS} FROM approval_history
  WHERE session_id = ? AND decision IS NOT NULL AND event_id IS NOT NULL ORDER BY id DESC LIMIT ?`

function toPending(cells: Cells): PendingApproval {
  const [requestId, kind, toolName, toolInput, command, filePath, diff, question, ...rest] = cells
  const [amendment, suggestions, toolUseId, agentId, eventId, answerable, createdAt] = rest
  return {
    requestId: text(requestId) ?? '',
    kind: word(kind, KINDS, 'exec'),
    toolName: text(toolName),
    toolInput: text(toolInput),
    command: text(command),
    filePath: text(filePath),
    diff: text(diff),
    question: text(question),
    proposedAmendment: texts(amendment),
    suggestions: text(suggestions),
    toolUseId: text(toolUseId),
    agentId: text(agentId),
    eventId: text(eventId),
    answerable: flag(answerable),
    requestedAt: unixMs(createdAt) ?? 0,
  }
}

/** Null for words that are no answer to a hook: it must be asked again rather than be told something else. */
function toAnswered([decided, answer, ...request]: Cells): AnsweredApproval | null {
  const verdict = VERDICTS.find((known) => known === decided)
  if (verdict === undefined) return null
  const approval = toPending(request)
  const details = (json(answer) ?? {}) as Partial<Decision>
  const { message = null, interrupt = false, updatedInput = null } = details
  const decision = {
    verdict: details.verdict ?? verdict,
    message,
    interrupt,
    updatedInput,
    answer: details.answer ?? null,
  }
  return { requestId: approval.requestId, eventId: approval.eventId, approval, decision }
}
