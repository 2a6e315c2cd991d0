/** All rules of sessions in one pure function: no clock, no I/O, no randomness, no await. */
import type { SessionMessage } from '../protocol/client/index.ts'
import { announce } from './announce.ts'
import { letGo } from './approval-queue.ts'
import { refuse, stay } from './change.ts'
import { approvalCommands } from './commands/approvals.ts'
import { queueCommands } from './commands/queue.ts'
import { reviewCommands } from './commands/review.ts'
import { sessionCommands } from './commands/sessions.ts'
import { shellCommands } from './commands/shell.ts'
import { turnCommands } from './commands/turns.ts'
import type { Step } from './effects.ts'
import { approvalEvents } from './events/approvals.ts'
import { backgroundTaskEvents } from './events/background-tasks.ts'
import { contextEvents } from './events/context.ts'
import { environmentEvents } from './events/environment.ts'
import { lifecycleEvents } from './events/lifecycle.ts'
import { messageEvents } from './events/messages.ts'
import { observationEvents } from './events/observations.ts'
import { pastEvents } from './events/past.ts'
import { progressEvents } from './events/progress.ts'
import { shellEvents } from './events/shell.ts'
import { subagentEvents } from './events/subagents.ts'
import { toolEvents } from './events/tools.ts'
import { turnEvents } from './events/turns.ts'
import type { SessionEvent } from './events.ts'
import { awaken, isActivity, isRecord, isRemembered, list, showsLife, wakes } from './life.ts'
import { sendNext } from './queue.ts'
import type { CommandRules, EventOf, EventRules, MessageOf } from './rules.ts'
import type { SessionState } from './state.ts'

export type Input =
  | { readonly from: 'client'; readonly message: SessionMessage }
  | { readonly from: 'agent'; readonly event: SessionEvent }

const commands: CommandRules = {
  ...sessionCommands,
  ...turnCommands,
  ...queueCommands,
  ...approvalCommands,
  ...reviewCommands,
  ...shellCommands,
}
const events: EventRules = {
  ...lifecycleEvents,
  ...turnEvents,
  ...toolEvents,
  ...approvalEvents,
  ...observationEvents,
  ...messageEvents,
  ...pastEvents,
  ...progressEvents,
  ...environmentEvents,
  ...contextEvents,
  ...subagentEvents,
  ...backgroundTaskEvents,
  ...shellEvents,
}

/** The next state and what has to be done, in order. `now` is Unix milliseconds. */
export function transition(state: SessionState, input: Input, now: number): Step {
  const step = input.from === 'client' ? onMessage(state, input.message, now) : onEvent(state, input.event, now)
  return withNextPrompt(step, now)
}

/** A prompt that has waited for this goes out behind it. */
function withNextPrompt([state, effects]: Step, now: number): Step {
  const [sent, more] = announce(state, sendNext(state, now))
  return sent === state ? [state, effects] : [sent, [...effects, ...more]]
}

function onMessage(state: SessionState, message: SessionMessage, now: number): Step {
  if (!state.listed) return refuse(state, 'not_found')
  return announce(state, runCommand(state, message, now))
}

/** A session that shows life is listed, and one that wakes is active again, before the event itself counts. */
function onEvent(state: SessionState, event: SessionEvent, now: number): Step {
  if (!state.listed && event.type !== 'session_described') {
    if (showsLife(state, event)) return follow(announce(state, list(state, now)), event, now)
    return isRemembered(event) ? quietly(runEvent(state, event, now)) : stay(state)
  }
  if (state.phase.name !== 'ended') return follow(stay(state), event, now)
  if (wakes(state, event, now)) return follow(announce(state, awaken(state, now)), event, now)
  if (event.type === 'approval_requested') return letGo(state, event.eventId)
  return isRecord(event) ? follow(stay(state), event, now) : stay(state)
}

/** The event itself, behind what it brought about by merely happening. */
function follow([state, effects]: Step, event: SessionEvent, now: number): Step {
  const [next, more] = announce(state, touched(state, runEvent(state, event, now), event, now))
  return [next, effects.length === 0 ? more : [...effects, ...more]]
}

function touched(before: SessionState, step: Step, event: SessionEvent, now: number): Step {
  const [after, effects] = step
  const isNews = after !== before || effects.length > 0
  return isNews && after.phase.name !== 'ended' && isActivity(event)
    ? [{ ...after, lastActivityAt: now }, effects]
    : step
}

/** Clients do not hear of a session that is not listed. */
function quietly([state, effects]: Step): Step {
  return [state, effects.filter(({ to }) => to === 'store')]
}

function runCommand<Type extends SessionMessage['type']>(
  state: SessionState,
  message: MessageOf<Type>,
  now: number,
): Step {
  return commands[message.type as Type](state, message, now)
}

function runEvent<Type extends SessionEvent['type']>(state: SessionState, event: EventOf<Type>, now: number): Step {
  return events[event.type as Type](state, event, now)
}
