/** Turns what actors do into letters to the main thread, in the order in which it happened. */

import { hookAnswer } from '../hooks/answer.ts'
import type { LogFields, LogLevel } from '../lib/log.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type { AgentAction } from '../session/effects.ts'
import { summaryOf } from '../session/view.ts'
import { encodeRow } from '../store/rows.ts'
import type { Actor, ActorOutlet } from './actor.ts'
import { fitFrame } from './fit-frame.ts'
import type { Outbox, ToMainOp } from './letters.ts'

export class HostOutlet implements ActorOutlet {
  /** Who does what sessions want of their shells. */
  shell: ActorOutlet['shell'] = () => {}
  /** Who does what sessions want of agents that the server runs. */
  agent: ActorOutlet['act'] = () => {}
  /** Called with every actor to which something has happened. */
  noticed: (actor: Actor) => void = () => {}
  readonly #outbox: Outbox<ToMainOp>
  readonly #touched = new Set<Actor>()
  /** Whose line on the list has changed: whatever it shows, the list is told (AN3). */
  readonly #changed = new Set<Actor>()
  readonly #barriers = new Map<number, () => void>()
  #barrier = 0

  constructor(outbox: Outbox<ToMainOp>) {
    this.#outbox = outbox
  }

  frame(actor: Actor, frame: string, onList: boolean): void {
    if (onList) this.#changed.add(actor)
    this.#outbox.put(onList ? 'shared' : 'frame', actor.id, actor.revision, frame)
  }

  list(actor: Actor, frame: string): void {
    this.#changed.add(actor)
    this.#outbox.put('list', actor.id, 0, frame)
  }

  reply(actor: Actor | string, sender: number, frame: string | ServerMessage): void {
    const text = typeof frame === 'string' ? frame : fitFrame(frame)
    this.#outbox.put('reply', typeof actor === 'string' ? actor : actor.id, sender, text)
  }

  echo(actor: Actor, sender: number, frame: string): void {
    this.#outbox.put('echo', actor.id, sender, frame)
  }

  act(actor: Actor, action: AgentAction, sender: number): void {
    if (action.do === 'release') return this.answer(actor, action.eventId, '')
    const eventId = action.do === 'decide' ? action.approval.eventId : null
    if (action.do === 'decide' && eventId) this.answer(actor, eventId, hookAnswer(action.approval, action.decision))
    else this.agent(actor, action, sender)
  }

  /** An empty `text` lets the waiting post go without an answer. */
  answer(actor: Actor, eventId: string, text: string): void {
    this.#outbox.put('answer', actor.id, 0, `${eventId}\n${text}`)
  }

  letter(op: ToMainOp, sessionId: string, number: number, text = ''): void {
    this.#outbox.put(op, sessionId, number, text)
  }

  forget(actor: Actor): void {
    this.#outbox.put('forget', actor.id, 0, '')
  }

  log(level: LogLevel, event: string, fields: LogFields): void {
    this.#outbox.put('log', '', 0, `${level} ${event} ${JSON.stringify(fields)}`)
  }

  /** Calls `then` once every row so far is committed. */
  whenStored(then: () => void): void {
    this.finish()
    this.#barrier++
    this.#barriers.set(this.#barrier, then)
    this.#outbox.put('barrier', '', this.#barrier, '')
  }

  /** The rows up to a barrier are committed. */
  stored(barrier: number): void {
    const then = this.#barriers.get(barrier)
    this.#barriers.delete(barrier)
    then?.()
  }

  /** The actor may have something to store: its rows leave at the next `finish`. */
  touch(actor: Actor): void {
    this.#touched.add(actor)
  }

  /** Ends a batch: rows and summaries of the touched actors join the letters, and all of them leave. */
  finish(): void {
    for (const actor of this.#touched) {
      this.noticed(actor)
      for (const row of actor.takeRows()) this.#outbox.put('row', actor.id, 0, encodeRow(actor.id, row))
    }
    for (const actor of this.#changed) this.#summary(actor)
    this.#touched.clear()
    this.#changed.clear()
    this.#outbox.flush()
  }

  #summary({ id, state }: Actor): void {
    const at = state.lastActivityAt ?? state.startedAt ?? 1
    this.#outbox.put('summary', id, state.phase.name === 'ended' ? -at : at, JSON.stringify(summaryOf(state)))
  }
}
