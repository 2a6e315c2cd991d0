/** The shape of a rule: what one event or one message does to a session. */
import type { SessionMessage } from '../protocol/client/index.ts'
import type { Step } from './effects.ts'
import type { SessionEvent } from './events.ts'
import type { SessionState } from './state.ts'

export type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>
export type MessageOf<Type extends SessionMessage['type']> = Extract<SessionMessage, { type: Type }>

/** `now` is Unix milliseconds. */
type EventRule<Type extends SessionEvent['type']> = (state: SessionState, event: EventOf<Type>, now: number) => Step
type CommandRule<Type extends SessionMessage['type']> = (
  state: SessionState,
  message: MessageOf<Type>,
  now: number,
) => Step

/** A rule for every event; a family holds some of them. */
export type EventRules = { readonly [Type in SessionEvent['type']]: EventRule<Type> }
/** A rule for every message; a family holds some of them. */
export type CommandRules = { readonly [Type in SessionMessage['type']]: CommandRule<Type> }
