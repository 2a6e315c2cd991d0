/** What a client knows of a session from the frames it received, put together as the app does. */
import { SessionState } from '../../src/protocol/model/session.ts'
import type { ServerMessage } from '../../src/protocol/server/index.ts'

/** The session after `frames`, or undefined before its first snapshot. */
export function viewOf(frames: readonly ServerMessage[], sessionId: string): SessionState | undefined {
  return frames.reduce<SessionState | undefined>((view, frame) => apply(view, frame, sessionId), undefined)
}

function apply(view: SessionState | undefined, frame: ServerMessage, sessionId: string): SessionState | undefined {
  if (frame.type === 'session_snapshot') return frame.session.id === sessionId ? frame.session : view
  if (view === undefined || !('session_id' in frame) || frame.session_id !== sessionId) return view
  switch (frame.type) {
    case 'session_delta':
      // The schema knows which keys null clears and which it leaves out.
      return SessionState.parse({ ...view, ...given(frame.changes) })
    case 'session_ended':
      return { ...view, status: 'ended', work_status: 'ended', pending_approval: null }
    case 'approval_requested':
      return { ...view, pending_approval: frame.request }
    case 'message_appended':
      return { ...view, messages: upsert(view.messages, frame.message) }
    case 'message_updated':
      return {
        ...view,
        messages: view.messages.map((row) => (row.id === frame.message_id ? { ...row, ...given(frame.changes) } : row)),
      }
    case 'subagent_updated':
      return { ...view, subagents: upsert(view.subagents ?? [], frame.subagent) }
    case 'tokens_updated':
      return { ...view, token_usage: frame.usage }
    default:
      return view
  }
}

function upsert<Row extends { readonly id: string }>(rows: readonly Row[], row: Row): readonly Row[] {
  const at = rows.findIndex(({ id }) => id === row.id)
  return at < 0 ? [...rows, row] : rows.with(at, row)
}

/** The keys that are there. */
function given(changes: object): object {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
