/** Subscriptions of one client, one snapshot at a time: the next is asked for when the last has drained. */
import type { ActorPool } from '../actors/actor-pool.ts'
import { SOCKET_SUBSCRIPTIONS_MAX } from '../lib/limits.ts'
import { errorFrame } from '../protocol/errors.ts'
import type { Connection } from './connection.ts'
import type { Hub } from './hub.ts'

interface Wanted {
  readonly sessionId: string
  readonly since: number | undefined
}

export class Subscriptions {
  readonly #connection: Connection
  readonly #hub: Hub
  readonly #pool: ActorPool
  #waiting: Wanted[] = []
  #current: Wanted | undefined

  constructor(connection: Connection, hub: Hub, pool: ActorPool) {
    this.#connection = connection
    this.#hub = hub
    this.#pool = pool
  }

  /** Follows a session; what it answers with is the host's choice: missed frames or a snapshot. */
  add(sessionId: string, since: number | undefined): void {
    if (this.#waiting.length >= SOCKET_SUBSCRIPTIONS_MAX)
      return this.#connection.reply(errorFrame('rate_limited', sessionId))
    this.#waiting.push({ sessionId, since })
    this.pump()
  }

  remove(sessionId: string): void {
    this.#waiting = this.#waiting.filter((wanted) => wanted.sessionId !== sessionId)
    if (this.#current?.sessionId === sessionId) this.#current = { sessionId: '', since: undefined }
    this.#connection.release(sessionId)
    this.#hub.unfollow(sessionId, this.#connection)
  }

  clear(): void {
    this.#waiting = []
  }

  /** Asks for the next one, if nothing is under way and the socket has taken what it was sent. */
  pump(): void {
    if (this.#current || this.#connection.socket.getBufferedAmount() > 0) return
    const wanted = this.#waiting.shift()
    if (!wanted) return
    this.#current = wanted
    this.#ask(wanted)
  }

  #ask(wanted: Wanted): void {
    const { sessionId, since } = wanted
    const connection = this.#connection
    const stillWanted = () => this.#current === wanted
    const over = () => {
      this.#current = undefined
      this.pump()
    }
    this.#pool.post('follow', sessionId, since === undefined ? '' : String(since), {
      done: over,
      refused: (_, reason) => {
        connection.release(sessionId)
        connection.reply(errorFrame('db_error', sessionId, reason))
        over()
      },
      reply: (frame) => connection.send(frame),
      begin: () => {
        if (!stillWanted()) return
        connection.hold(sessionId)
        this.#hub.follow(sessionId, connection)
      },
      caught: () => {
        if (stillWanted()) this.#hub.follow(sessionId, connection)
      },
      snapshot: (frame) => {
        if (!stillWanted()) return
        connection.send(frame)
        if (!connection.release(sessionId)) this.#waiting.unshift({ sessionId, since: undefined })
      },
    })
  }
}
