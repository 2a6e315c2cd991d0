/** Sessions: the list, the whole of one, what changed. */
import { z } from 'zod'
import { frame, optional } from '../define.ts'
import { SessionState, SessionSummary, StateChanges, SubagentInfo } from '../model/session.ts'

export const sessionFrames = [
  frame('sessions_list', 'All sessions.', { sessions: z.array(SessionSummary) }),
  frame('session_snapshot', 'Everything about one session.', { session: SessionState }),
  frame('session_delta', 'What changed in a session.', { session_id: z.string(), changes: StateChanges }),
  frame('session_created', 'A session is new, or its row changed.', { session: SessionSummary }),
  frame('session_ended', 'A session is over.', { session_id: z.string(), reason: z.string() }),
  frame('subagent_updated', 'A subagent is new, or something about it changed; replaces the one of the same id.', {
    session_id: z.string(),
    subagent: SubagentInfo,
  }),
  frame('session_forked', 'A fork was made.', {
    source_session_id: z.string(),
    new_session_id: z.string(),
    forked_from_thread_id: optional(z.string()).describe('Codex only.'),
  }),
] as const
