/** What a session tells about itself, and its end. */
import { withTasksEnded } from '../background-tasks.ts'
import { change, keep, stay } from '../change.ts'
import { end, forget, list, showsLife } from '../life.ts'
import { projectNameOf } from '../naming.ts'
import { UNKNOWN_PATH } from '../new-session.ts'
import type { EventOf, EventRules } from '../rules.ts'
import type { SessionState } from '../state.ts'
import { withAllStopped } from '../subagents.ts'

type Described = EventOf<'session_described'>

/** Facts that event and state call by the same name; one that is absent says nothing. */
const FACTS = [
  'model',
  'source',
  'contextLabel',
  'transcriptPath',
  'permissionMode',
  'agentType',
  'terminalSessionId',
  'terminalApp',
  'forkedFrom',
  'effort',
  'projectName',
  'integrationMode',
  'codexThreadId',
  'claudeSdkSessionId',
  'approvalPolicy',
  'sandboxMode',
  'observed',
] as const satisfies readonly (keyof Described & keyof SessionState)[]

export const lifecycleEvents = {
  session_described(state, event, now) {
    const [known] = change(state, whatIsKnown(state, event))
    const described = event.source === undefined ? known : withNoneRunning(known, now)
    if (state.listed) return stay(described)
    if (showsLife(state, event)) return list(described, now)
    if (described === state && state.startPending) return stay(state)
    const put = JSON.stringify(factsOf(described))
    return change(described, { startPending: true }, keep({ table: 'pending_starts', put, at: now }))
  },
  session_ended: (state, { reason }, now) => (state.listed ? end(state, reason, now) : forget(state, now)),
} satisfies Partial<EventRules>

/** What the agent ran before it started anew has ended with it. */
function withNoneRunning(state: SessionState, now: number): SessionState {
  return withTasksEnded(
    withAllStopped(state, () => true, 'stopped', now),
    () => true,
    'stopped',
    now,
  )
}

function whatIsKnown(state: SessionState, event: Described): Partial<SessionState> {
  const known: Record<string, unknown> = placeOf(state, event)
  for (const key of FACTS) if (event[key] !== undefined) known[key] = event[key]
  return known
}

/** The project is where the session was first seen; a start, or a turn, elsewhere only moves it. */
function placeOf(
  { projectPath, currentCwd }: SessionState,
  { cwd, source, atTurnBound }: Described,
): Partial<SessionState> {
  if (cwd === undefined) return {}
  if (projectPath === UNKNOWN_PATH) return { projectPath: cwd, projectName: projectNameOf(cwd) }
  const moves = source !== undefined || atTurnBound === true
  return moves && cwd !== (currentCwd ?? projectPath) ? { currentCwd: cwd } : {}
}

/** What `session_described` has to say again after a crash, as it is stored. */
function factsOf(state: SessionState): Record<string, unknown> {
  const facts: Record<string, unknown> = state.projectPath === UNKNOWN_PATH ? {} : { cwd: state.projectPath }
  for (const key of FACTS) if (state[key] !== null) facts[key] = state[key]
  return facts
}
