/** One session at work: applies inputs, stamps frames with revisions, and gathers what has to be stored. */
import { BoundedSet } from '../lib/bounded-set.ts'
import { EVENT_IDS_MAX, REVISION_BLOCK } from '../lib/limits.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type { AgentAction, ShellAction, StoreRow } from '../session/effects.ts'
import type { SessionState, StoredSession } from '../session/state.ts'
import { type Input, transition } from '../session/transition.ts'
import { fitFrame } from './fit-frame.ts'
import type { ImageFiles } from './image-files.ts'
import { ReplayRing } from './replay-ring.ts'

/** Where an actor's frames and actions go, in order. */
export interface ActorOutlet {
  frame(actor: Actor, frame: string, onList: boolean): void
  list(actor: Actor, frame: string): void
  reply(actor: Actor, sender: number, frame: string): void
  /** A frame that followers have got, for the sender if it is none of them. */
  echo(actor: Actor, sender: number, frame: string): void
  act(actor: Actor, action: AgentAction, sender: number): void
  shell(actor: Actor, action: ShellAction, sender: number): void
}

export interface ActorOptions {
  readonly state: SessionState
  /** First revision that no frame has carried, as stored; 0 for a new session. */
  readonly revisionCeiling: number
  readonly eventIds: Iterable<string>
  readonly now: number
  readonly images: ImageFiles
}

export class Actor {
  state: SessionState
  readonly ring = new ReplayRing()
  readonly eventIds: BoundedSet
  /** When somebody last dealt with it, in Unix ms. */
  usedAt: number
  readonly #images: ImageFiles
  #revision: number
  #ceiling: number
  #put: Partial<StoredSession> | undefined
  #rows: StoreRow[] = []
  /** Inputs that came while the effects of another one were delivered: theirs come behind. */
  readonly #waiting: (() => void)[] = []
  #isDelivering = false

  /**
   * Revisions begin at the millisecond of loading or at the stored ceiling, whichever is higher: a frame whose
   * reservation was lost in a crash is never numbered again, nor is one numbered before a clock went back.
   */
  constructor({ state, revisionCeiling, eventIds, now, images }: ActorOptions) {
    this.#images = images
    this.state = state
    this.usedAt = now
    this.eventIds = new BoundedSet(EVENT_IDS_MAX, eventIds)
    this.#revision = Math.max(revisionCeiling, now)
    this.#ceiling = this.#revision
  }

  get id(): string {
    return this.state.id
  }

  get revision(): number {
    return this.#revision
  }

  /**
   * Runs one input through the state machine and delivers what follows from it. `sender` is who asked, 0 for nobody; it
   * hears what comes of it even if it does not follow the session.
   */
  apply(input: Input, now: number, sender: number, outlet: ActorOutlet): void {
    if (this.#isDelivering) {
      this.#waiting.push(() => this.apply(input, now, sender, outlet))
      return
    }
    this.#isDelivering = true
    try {
      this.#deliver(input, now, sender, outlet)
    } finally {
      this.#isDelivering = false
    }
    this.#waiting.shift()?.()
  }

  #deliver(input: Input, now: number, sender: number, outlet: ActorOutlet): void {
    const [state, effects] = transition(this.state, this.#images.withFiles(this.id, input), now)
    this.state = state
    this.usedAt = now
    for (const effect of effects) {
      switch (effect.to) {
        case 'clients': {
          const frame = this.#stamp(effect.frame)
          outlet.frame(this, frame, effect.onList)
          if (sender > 0 && !effect.onList) outlet.echo(this, sender, frame)
          break
        }
        case 'list':
          outlet.list(this, fitFrame(effect.frame))
          break
        case 'sender':
          if (sender > 0) outlet.reply(this, sender, fitFrame(effect.frame))
          break
        case 'store':
          this.store(effect.row)
          break
        case 'agent':
          outlet.act(this, effect.action, sender)
          break
        case 'shell':
          outlet.shell(this, effect.action, sender)
          break
      }
    }
  }

  /** Keeps a row for the next `takeRows`; changes of the session itself become one row. */
  store(row: StoreRow): void {
    if (row.table === 'sessions') this.#put = { ...this.#put, ...row.put }
    else this.#rows.push(row)
  }

  /** What has to be stored since the last call, the session's own row first, because the others refer to it. */
  takeRows(): readonly StoreRow[] {
    const rows = this.#rows
    const put = this.#put
    this.#rows = []
    this.#put = undefined
    return put ? [{ table: 'sessions', put }, ...rows] : rows
  }

  #stamp(frame: ServerMessage): string {
    this.#revision++
    if (this.#revision > this.#ceiling - REVISION_BLOCK / 2 && this.state.listed) {
      this.#ceiling = this.#revision + REVISION_BLOCK
      this.store({ table: 'sessions', put: { revisionCeiling: this.#ceiling } })
    }
    const text = fitFrame(frame)
    this.ring.push(this.#revision, text)
    return text
  }
}
