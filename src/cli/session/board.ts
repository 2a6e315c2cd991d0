/** All sessions as the list channel tells of them. */
import type { ApprovalHistoryItem } from '../../protocol/model/approval.ts'
import type { SessionSummary, StateChanges } from '../../protocol/model/session.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { clean } from '../terminal-text.ts'
import { byUrgency, toolLine } from './describe.ts'
import { titleOf } from './prompt-lines.ts'

/** A prompt on the board. */
export interface AskedFor {
  readonly requestId: string
  readonly line: string
  /** Whether it can be answered from here. */
  readonly answerable: boolean
}

export class Board {
  readonly #sessions = new Map<string, SessionSummary>()
  /** The prompt of each session, by the session's id. */
  readonly #requests = new Map<string, AskedFor>()
  /** Whether the list has arrived. */
  ready = false

  /** Takes a frame in; answers the id of the session it changed, or null. */
  apply(frame: ServerMessage): string | null {
    switch (frame.type) {
      case 'sessions_list':
        this.#sessions.clear()
        for (const session of frame.sessions) this.#sessions.set(session.id, session)
        this.ready = true
        return null
      case 'approvals_list':
        for (const item of frame.approvals) this.#recall(item)
        return null
      case 'session_created':
        this.#sessions.set(frame.session.id, frame.session)
        return frame.session.id
      case 'session_delta':
        return this.#change(frame.session_id, patchOf(frame.changes))
      case 'session_ended':
        return this.#change(frame.session_id, { status: 'ended', work_status: 'ended', has_pending_approval: false })
      case 'approval_requested':
        this.#requests.set(frame.session_id, {
          requestId: frame.request.id,
          line: titleOf(frame.request),
          answerable: frame.request.answerable !== false,
        })
        return this.#change(frame.session_id, {
          has_pending_approval: true,
          pending_approval_id: frame.request.id,
          work_status: frame.request.type === 'question' ? 'question' : 'permission',
        })
      default:
        return null
    }
  }

  /** Whoever needs somebody first. */
  sessions(): SessionSummary[] {
    return [...this.#sessions.values()].sort(byUrgency)
  }

  session(id: string): SessionSummary | undefined {
    return this.#sessions.get(id)
  }

  /** What a session waits on, when that is known. */
  requestOf(session: SessionSummary): AskedFor | undefined {
    const request = this.#requests.get(session.id)
    return request?.requestId === session.pending_approval_id ? request : undefined
  }

  /** Takes a prompt from the record, when it is what its session waits on and was not told of since. */
  #recall(item: ApprovalHistoryItem): void {
    const session = this.#sessions.get(item.session_id)
    if (session?.pending_approval_id !== item.request_id || this.requestOf(session)) return
    this.#requests.set(item.session_id, { requestId: item.request_id, line: lineOf(item), answerable: true })
  }

  #change(id: string, changes: Partial<SessionSummary>): string | null {
    const session = this.#sessions.get(id)
    if (!session) return null
    this.#sessions.set(id, { ...session, ...changes })
    return id
  }
}

/** A patch in terms of the list's row: null clears, left out keeps. */
function patchOf({ pending_approval: pending, ...changes }: StateChanges): Partial<SessionSummary> {
  const rest = Object.entries(changes).map(([key, value]) => [key, value ?? undefined])
  const kept = rest.filter(([key, value]) => value !== undefined || CLEARABLE.has(String(key)))
  const waiting =
    pending === undefined ? {} : { has_pending_approval: pending !== null, pending_approval_id: pending?.id }
  return { ...Object.fromEntries(kept), ...waiting }
}

/** Keys of a row that may become unknown again. */
const CLEARABLE: ReadonlySet<string> = new Set([
  'custom_name',
  'summary',
  'first_prompt',
  'last_message',
  'model',
  'git_branch',
  'git_dirty',
  'repository_root',
  'worktree_path',
])

function lineOf(item: ApprovalHistoryItem): string {
  return (
    [clean(item.tool_name ?? ''), clean(item.command ?? item.file_path ?? '')].filter(Boolean).join('  ') ||
    toolLine(item.approval_type, null)
  )
}
