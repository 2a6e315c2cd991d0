/** The history of approvals as clients see it. */
import type { Database } from 'bun:sqlite'
import { LIST_BYTES_MAX, TEXT_CHARS_MAX } from '../lib/limits.ts'
import { withinBytes } from '../lib/within-bytes.ts'
import type { ApprovalHistoryItem } from '../protocol/model/approval.ts'
import { text, texts, word } from './cells.ts'
import { type Cells, rows } from './prepared.ts'
import { isoSecondsOrNull, unixMs } from './times.ts'

const ITEMS_DEFAULT = 200
const ITEMS_MAX = 1_000

const SELECT = `SELECT id, session_id, request_id, approval_type, tool_name, command, file_path, cwd, decision,
  proposed_amendment, created_at, decided_at FROM approval_history`

export interface ApprovalQuery {
  readonly sessionId?: string | null | undefined
  /** At most 1,000; 200 if not given. */
  readonly limit?: number | null | undefined
}

/** Newest first, of one session or of all; fewer than asked for when their JSON would exceed `LIST_BYTES_MAX`. */
export function listApprovals(db: Database, { sessionId, limit }: ApprovalQuery): readonly ApprovalHistoryItem[] {
  const items = Math.min(Math.max(limit ?? ITEMS_DEFAULT, 0), ITEMS_MAX)
  const found = sessionId
    ? rows(db, `${SELECT} WHERE session_id = ? ORDER BY id DESC LIMIT ?`, sessionId, items)
    : rows(db, `${SELECT} ORDER BY id DESC LIMIT ?`, items)
  return withinBytes(found.map(toItem), LIST_BYTES_MAX)
}

/** One row of the history; undefined when it is not there. */
export function readApproval(db: Database, id: number): ApprovalHistoryItem | undefined {
  return rows(db, `${SELECT} WHERE id = ?`, id).map(toItem)[0]
}

function toItem(cells: Cells): ApprovalHistoryItem {
  const [id, sessionId, requestId, type, tool, command, filePath, cwd, decision, amendment, createdAt, decidedAt] =
    cells
  return {
    id: Number(id),
    session_id: text(sessionId) ?? '',
    request_id: text(requestId) ?? '',
    approval_type: word(type, ['exec', 'patch', 'question'], 'exec'),
    tool_name: text(tool),
    command: text(command)?.slice(0, TEXT_CHARS_MAX) ?? null,
    file_path: text(filePath),
    cwd: text(cwd),
    decision: text(decision),
    proposed_amendment: texts(amendment),
    created_at: isoSecondsOrNull(unixMs(createdAt)) ?? '0',
    decided_at: isoSecondsOrNull(unixMs(decidedAt)),
  }
}
