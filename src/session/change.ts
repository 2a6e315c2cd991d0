/** The vocabulary of rules: how a rule says what becomes of a session. */
import { type ErrorCode, errorFrame } from '../protocol/errors.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type { AgentAction, Effect, ShellAction, Step, StoreRow } from './effects.ts'
import type { SessionState } from './state.ts'

/** Leaves everything as it is, but for the effects. */
export function stay(state: SessionState, ...effects: readonly Effect[]): Step {
  return [state, effects]
}

/** Moves the state, if `next` says anything new. What clients and the store hear follows from the difference, see `announce`. */
export function change(state: SessionState, next: Partial<SessionState>, ...effects: readonly Effect[]): Step {
  for (const key in next)
    if (next[key as keyof SessionState] !== state[key as keyof SessionState]) return [{ ...state, ...next }, effects]
  return [state, effects]
}

/** Applies rules one after the other, and gathers their effects. */
export function inTurn(state: SessionState, ...rules: readonly ((state: SessionState) => Step)[]): Step {
  return rules.reduce<Step>(
    ([current, effects], rule) => {
      const [next, more] = rule(current)
      return [next, more.length === 0 ? effects : [...effects, ...more]]
    },
    [state, []],
  )
}

/** Leaves the state and tells the sender why. */
export function refuse(state: SessionState, code: ErrorCode, message?: string): Step {
  return stay(state, { to: 'sender', frame: errorFrame(code, state.id, message) })
}

/** A frame for the followers of the session. */
export function tell(frame: ServerMessage): Effect {
  return { to: 'clients', frame, onList: false }
}

/** A frame for the followers of the session and for the list. */
export function tellAll(frame: ServerMessage): Effect {
  return { to: 'clients', frame, onList: true }
}

/** A row for the store. */
export function keep(row: StoreRow): Effect {
  return { to: 'store', row }
}

/** A wish to the agent. */
export function ask(action: AgentAction): Effect {
  return { to: 'agent', action }
}

/** A wish to the shell of the session. */
export function shell(action: ShellAction): Effect {
  return { to: 'shell', action }
}

/** A list that ends with `item` and keeps the newest `max` entries. */
export function withNewest<Item>(items: readonly Item[], item: Item, max: number): readonly Item[] {
  return [...(items.length < max ? items : items.slice(items.length - max + 1)), item]
}
