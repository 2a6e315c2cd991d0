/** Runs inputs through the rules and sorts out what came of them. */
import type { SessionMessage } from '../../src/protocol/client/index.ts'
import { ServerMessage } from '../../src/protocol/server/index.ts'
import type { AgentAction, Effect, StoreRow } from '../../src/session/effects.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import type { SessionState } from '../../src/session/state.ts'
import { type Input, transition } from '../../src/session/transition.ts'
import { NOW } from '../support/builders.ts'

type Frame<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

export interface Outcome {
  readonly state: SessionState
  readonly effects: readonly Effect[]
  /** To followers of the session, in order. */
  readonly frames: readonly ServerMessage[]
  /** To the list, in order. */
  readonly listFrames: readonly ServerMessage[]
  readonly replies: readonly ServerMessage[]
  readonly rows: readonly StoreRow[]
  readonly actions: readonly AgentAction[]
}

/** What agents report, one after the other; the outcome is that of the last. `now` is Unix milliseconds. */
export function report(state: SessionState, ...events: readonly SessionEvent[]): Outcome {
  return run(state, ...events.map((event) => ({ from: 'agent', event }) as const))
}

/** What clients ask, one after the other; the outcome is that of the last. */
export function ask(state: SessionState, ...messages: readonly SessionMessage[]): Outcome {
  return run(state, ...messages.map((message) => ({ from: 'client', message }) as const))
}

export function run(state: SessionState, ...inputs: readonly Input[]): Outcome {
  return runAt(NOW, state, ...inputs)
}

/** The same at another time. */
export function runAt(now: number, state: SessionState, ...inputs: readonly Input[]): Outcome {
  let outcome = outcomeOf(state, [])
  for (const input of inputs) {
    outcome = outcomeOf(...transition(outcome.state, input, now))
    for (const frame of [...outcome.frames, ...outcome.listFrames, ...outcome.replies]) ServerMessage.parse(frame)
  }
  return outcome
}

export function framesOf<Type extends ServerMessage['type']>(
  frames: readonly ServerMessage[],
  type: Type,
): readonly Frame<Type>[] {
  return frames.filter((frame): frame is Frame<Type> => frame.type === type)
}

/** The changes of the deltas among these frames, in order. */
export function changesIn(frames: readonly ServerMessage[]) {
  return framesOf(frames, 'session_delta').map(({ changes }) => changes)
}

function outcomeOf(state: SessionState, effects: readonly Effect[]): Outcome {
  return {
    state,
    effects,
    frames: effects.flatMap((effect) => (effect.to === 'clients' ? [effect.frame] : [])),
    listFrames: effects.flatMap((effect) =>
      effect.to === 'list' || (effect.to === 'clients' && effect.onList) ? [effect.frame] : [],
    ),
    replies: effects.flatMap((effect) => (effect.to === 'sender' ? [effect.frame] : [])),
    rows: effects.flatMap((effect) => (effect.to === 'store' ? [effect.row] : [])),
    actions: effects.flatMap((effect) => (effect.to === 'agent' ? [effect.action] : [])),
  }
}
