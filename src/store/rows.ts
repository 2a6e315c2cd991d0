/** A changed row as one string, which is how it travels to the store, and what the store does with it. */
import type { Database } from 'bun:sqlite'
import { unreachable } from '../lib/assert.ts'
import type { StoreRow } from '../session/effects.ts'
import { decideApproval, putApproval, removeApproval } from './approval-rows.ts'
import { putCapabilities } from './capabilities.ts'
import { putEvent } from './hook-events.ts'
import { copyMessages, removeMessages } from './message-history.ts'
import { patchMessage, putMessage } from './messages.ts'
import { putPendingStart } from './pending-starts.ts'
import { putQueuedPrompt, removeQueuedPrompt } from './queued-prompts.ts'
import { putResumePoint } from './resume-points.ts'
import { putReviewComment, removeReviewComment } from './review-comments.ts'
import { putProcess, removeProcess } from './session-processes.ts'
import { putSession } from './sessions.ts'
import { putShownSubagent } from './subagent-archive.ts'
import { putSubagent } from './subagents.ts'
import { putToolLists } from './tool-lists.ts'
import { putTranscriptGap } from './transcript-gaps.ts'
import { putTranscriptCursor } from './transcripts.ts'
import { putTurnDiff } from './turn-diffs.ts'

/** The row of a session as text for `applyRow`. */
export function encodeRow(sessionId: string, row: StoreRow): string {
  return JSON.stringify([sessionId, row])
}

/** Writes one encoded row. Throws what SQLite throws; then at most a part of this row is written. */
export function applyRow(db: Database, encoded: string): void {
  const [sessionId, row] = JSON.parse(encoded) as [string, StoreRow]
  switch (row.table) {
    case 'sessions':
      return putSession(db, sessionId, row.put)
    case 'messages':
      return 'put' in row ? putMessage(db, sessionId, row.put, row.sequence) : patchMessage(db, sessionId, row)
    case 'history':
      return 'copy' in row ? copyMessages(db, sessionId, row.copy) : removeMessages(db, sessionId, row.removeFrom)
    case 'approvals':
      if ('put' in row) return putApproval(db, sessionId, row.put, row.cwd)
      return 'decide' in row ? decideApproval(db, sessionId, row.decide) : removeApproval(db, row.remove)
    case 'turn_diffs':
      return putTurnDiff(db, sessionId, row.put)
    case 'subagents':
      return putSubagent(db, sessionId, row.put)
    case 'review_comments':
      return 'put' in row ? putReviewComment(db, sessionId, row.put) : removeReviewComment(db, sessionId, row.remove)
    case 'queued_prompts':
      return 'put' in row ? putQueuedPrompt(db, sessionId, row.put) : removeQueuedPrompt(db, sessionId, row.remove)
    case 'pending_starts':
      return putPendingStart(db, sessionId, row.put, row.at)
    case 'events':
      return putEvent(db, sessionId, row.seen, row.at)
    case 'processes':
      return 'put' in row ? putProcess(db, sessionId, row.put) : removeProcess(db, sessionId, row.remove)
    case 'transcripts':
      return putTranscriptCursor(db, sessionId, row.put)
    case 'transcript_gaps':
      return putTranscriptGap(db, sessionId, row.put)
    case 'resume_points':
      return putResumePoint(db, sessionId, row.put)
    case 'subagent_archive':
      return putShownSubagent(db, sessionId, row.put)
    case 'tool_lists':
      return putToolLists(db, sessionId, row.put)
    case 'capabilities':
      return putCapabilities(db, sessionId, row.put, row.at)
    default:
      return unreachable(row)
  }
}
