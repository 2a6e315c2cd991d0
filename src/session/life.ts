/** How a session comes to life, ends, and wakes. */
import { withdraw } from './approval-queue.ts'
import { withTasksEnded } from './background-tasks.ts'
import { change, inTurn, keep, shell, stay } from './change.ts'
import type { Effect, Step } from './effects.ts'
import type { SessionEvent } from './events.ts'
import { LATE_EVENT_MS } from './limits.ts'
import { newSession, UNKNOWN_PATH } from './new-session.ts'
import type { SessionState } from './state.ts'
import { withAllStopped } from './subagents.ts'
import { endTurn, movedOn } from './turn.ts'

type EventType = SessionEvent['type']

/** What is remembered of a session that has not shown life. */
const FACTS: ReadonlySet<EventType> = new Set<EventType>([
  'session_described',
  'session_ended',
  'tokens_reported',
  'cost_reported',
  'thread_named',
  'summary_found',
  'environment_reported',
  'model_reported',
  'permission_mode_reported',
  'capabilities_reported',
])
/** What else may be reported of a session though nobody is there. */
const NO_SIGN_OF_LIFE: ReadonlySet<EventType> = new Set<EventType>([
  ...FACTS,
  'approval_withdrawn',
  'action_failed',
  'frame_reported',
  'background_task_started',
  'background_task_ended',
  'background_tasks_listed',
  'rows_due',
  'past_postponed',
  'past_told',
  'status_observed',
  'repository_seen',
  'shell_progressed',
  'shell_finished',
])
/** What is filed with a session although it has ended: it was on its way, or it only tells of the past. */
const RECORDS: ReadonlySet<EventType> = new Set<EventType>([
  'session_described',
  'message_reported',
  'message_changed',
  'tokens_reported',
  'cost_reported',
  'thread_named',
  'summary_found',
  'model_reported',
  'tool_finished',
  'turn_completed',
  'turn_failed',
  'context_compacted',
  'subagent_stopped',
  'rows_due',
  'past_postponed',
  'past_told',
  'shell_progressed',
  'shell_finished',
])
/** Records that may come at any time, since transcripts are written late: they wake nobody. */
const AFTERTHOUGHTS: ReadonlySet<EventType> = new Set<EventType>([
  'message_reported',
  'message_changed',
  'tools_settled',
  'turn_aborted',
  'context_compacted',
  'subagent_stopped',
])

/** Whether an event shows that a session lives of which only its start, or nothing, was known. */
export function showsLife(state: SessionState, event: SessionEvent): boolean {
  switch (event.type) {
    case 'session_described':
      return !event.quiet && event.cwd !== undefined
    case 'subagent_started':
    case 'subagent_stopped':
      return state.projectPath !== UNKNOWN_PATH
    default:
      return !NO_SIGN_OF_LIFE.has(event.type)
  }
}

/** Whether an event is remembered of a session that has not shown life. */
export function isRemembered({ type }: SessionEvent): boolean {
  return FACTS.has(type)
}

/**
 * Whether an event wakes a session that has ended. A start always does. So does a prompt where the agent is not ours; other
 * work does only when it comes too late to be what was still on its way when the session ended.
 */
export function wakes({ endedAt, integrationMode }: SessionState, event: SessionEvent, now: number): boolean {
  if (event.type === 'session_described') return event.source !== undefined
  if (integrationMode === 'direct') return false
  if (event.type === 'prompt_submitted') return true
  if (NO_SIGN_OF_LIFE.has(event.type) || AFTERTHOUGHTS.has(event.type)) return false
  return now - (endedAt ?? 0) > LATE_EVENT_MS
}

/** Whether an event is filed with a session although it has ended. */
export function isRecord({ type }: SessionEvent): boolean {
  return RECORDS.has(type)
}

/** Whether an event is something that happens now; a description or a row of a transcript tells of any time. */
export function isActivity({ type }: SessionEvent): boolean {
  return type !== 'message_reported' && !NO_SIGN_OF_LIFE.has(type)
}

/** The session appears on the list. */
export function list(state: SessionState, now: number): Step {
  return change(state, { listed: true, startPending: false, lastActivityAt: now }, ...startForgotten(state, now))
}

/** A session that had ended goes on. */
export function awaken(state: SessionState, now: number): Step {
  return change(state, { phase: { name: 'idle' }, endedAt: null, lastActivityAt: now })
}

/** The session is over: its turn ends, and nobody needs to answer what it asked. */
export function end(state: SessionState, reason: string, now: number): Step {
  if (state.phase.name === 'ended') return stay(state)
  return inTurn(
    state,
    (current) => withdraw(current, () => true, 'session_ended', now),
    (current) => endTurn(current, now),
    (current) => stay(withAllStopped(current, () => true, 'stopped', now)),
    (current) => stay(withTasksEnded(current, () => true, 'stopped', now)),
    (current) =>
      change(
        movedOn(current),
        {
          phase: { name: 'ended', reason },
          endedAt: now,
          lastActivityAt: now,
          activeSubagentId: null,
          activeSubagentType: null,
        },
        ...current.shells.map((requestId) => shell({ do: 'stop', requestId })),
      ),
  )
}

/** A session that was never listed is as if it had never been. */
export function forget(state: SessionState, now: number): Step {
  return [newSession(state.id, state.provider, now), startForgotten(state, now)]
}

function startForgotten({ startPending }: SessionState, now: number): readonly Effect[] {
  return startPending ? [keep({ table: 'pending_starts', put: null, at: now })] : []
}
