/** All hosts of actors: routes by session id, and passes on what the hosts say. */
import { HOST_SILENCE_MS } from '../lib/limits.ts'
import type { Log } from '../lib/log.ts'
import type { StoreLink } from '../store/store-link.ts'
import { HostSlot, type HostThread, type Ticket } from './host-slot.ts'
import type { ToHostOp, ToMain } from './letters.ts'
import { hostOf, type Shard } from './shard.ts'

/** What the hosts have to say to clients and to posts that wait. */
export interface PoolListener {
  /** For followers of the session, and for the list when `onList`. */
  frame(sessionId: string, revision: number, frame: string, onList: boolean): void
  /** For the list only. */
  list(sessionId: string, frame: string): void
  /** `activity`: Unix ms, negative for an ended session. */
  summary(sessionId: string, activity: number, summary: string): void
  forget(sessionId: string): void
  /** An empty answer lets the post go. */
  answer(eventId: string, answer: string): void
  /** The host of these sessions has gone, and its successor does not know which posts wait. */
  replaced(isOfHost: (sessionId: string) => boolean): void
}

export interface ActorPoolParts {
  readonly hosts: number
  startThread(): HostThread
  /** Milliseconds of silence after which a host counts as hung. */
  readonly silenceMs?: number | undefined
  /** Text of the `open` letter for each of the hosts. */
  options(shard: Shard): string
  readonly store: StoreLink
  readonly listener: PoolListener
  readonly log: Log
  /** Threads of actors cannot be started any more: the server cannot go on. */
  hopeless(reason: string): void
}

export class ActorPool {
  readonly #slots: readonly HostSlot[]
  readonly #parts: ActorPoolParts

  constructor(parts: ActorPoolParts) {
    this.#parts = parts
    const { hosts } = parts
    this.#slots = Array.from({ length: hosts }, (_, index) => this.#slot({ index, hosts }))
  }

  /** Letters that are not done yet. */
  get pending(): number {
    return this.#slots.reduce((sum, slot) => sum + slot.pending, 0)
  }

  post(op: ToHostOp, sessionId: string, text: string, ticket: Ticket): void {
    this.#slotOf(sessionId).post(op, sessionId, text, ticket)
  }

  /** The post with this event id has gone and is not expected back. */
  lost(sessionId: string, eventId: string): void {
    this.#slotOf(sessionId).tell('lost', sessionId, 0, eventId)
  }

  /** The database is open, and spooled hooks are applied. */
  watch(): void {
    for (const slot of this.#slots) slot.watch()
  }

  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()))
  }

  #slotOf(sessionId: string): HostSlot {
    const slot = this.#slots[hostOf(sessionId, this.#slots.length)]
    if (!slot) throw new Error('a pool needs at least one host')
    return slot
  }

  #slot(shard: Shard): HostSlot {
    const { startThread, options, store, listener, log, hopeless, silenceMs = HOST_SILENCE_MS } = this.#parts
    return new HostSlot({
      startThread,
      silenceMs,
      options: options(shard),
      letter: (letter) => this.#pass(letter),
      store: (rows, then) => store.write(rows, then),
      reroute: (op, sessionId, text, ticket) => this.post(op, sessionId, text, ticket),
      died: (reason) => {
        log.error('actors.host.died', { reason })
        listener.replaced((sessionId) => hostOf(sessionId, shard.hosts) === shard.index)
      },
      hopeless,
      dropped: (op, sessionId) => log.error('actors.input.dropped', { op, session_id: sessionId }),
    })
  }

  #pass({ op, sessionId, number, text }: ToMain): void {
    const { listener } = this.#parts
    switch (op) {
      case 'frame':
        return listener.frame(sessionId, number, text, false)
      case 'shared':
        return listener.frame(sessionId, number, text, true)
      case 'list':
        return listener.list(sessionId, text)
      case 'summary':
        return listener.summary(sessionId, number, text)
      case 'forget':
        return listener.forget(sessionId)
      case 'answer': {
        const end = text.indexOf('\n')
        return listener.answer(text.slice(0, end), text.slice(end + 1))
      }
      case 'log':
        return this.#log(text)
    }
  }

  #log(text: string): void {
    const [level = 'info', event = 'actors.said', ...fields] = text.split(' ')
    if (level === 'error' || level === 'warn' || level === 'info' || level === 'debug')
      this.#parts.log[level](event, JSON.parse(fields.join(' ')))
  }
}
