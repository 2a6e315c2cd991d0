/**
 * Who follows what, and exactly one copy of each frame to each socket.
 * A socket that only follows the list hears it as one published message for all; a socket that also follows sessions is
 * served one by one, because a frame of a session it follows carries a revision and a copy for the list must not.
 */
import type { Server } from 'bun'
import type { Connection, Socket, SocketData } from './connection.ts'

const LIST = 'list'

export class Hub {
  readonly #connections = new Set<Connection>()
  readonly #followers = new Map<string, Set<Connection>>()
  /** On the list and on at least one session. */
  readonly #mixed = new Set<Connection>()
  /** Publishing belongs to a server; each door has its own. */
  readonly #servers: Server<SocketData>[] = []

  attach(server: Server<SocketData>): void {
    this.#servers.push(server)
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections
  }

  add(connection: Connection): void {
    this.#connections.add(connection)
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection)
    this.#mixed.delete(connection)
    for (const sessionId of connection.follows) this.#unfollow(sessionId, connection)
  }

  followList(connection: Connection): void {
    connection.onList = true
    this.#sort(connection)
  }

  /** At most one subscription for a socket and a session. */
  follow(sessionId: string, connection: Connection): void {
    connection.follows.add(sessionId)
    const followers = this.#followers.get(sessionId)
    if (followers) followers.add(connection)
    else this.#followers.set(sessionId, new Set([connection]))
    this.#sort(connection)
  }

  unfollow(sessionId: string, connection: Connection): void {
    connection.follows.delete(sessionId)
    this.#unfollow(sessionId, connection)
    this.#sort(connection)
  }

  /** A frame of a session: with its revision to followers, without to the rest of the list when `onList`. */
  frame(sessionId: string, revision: number, frame: string, onList: boolean): void {
    const followers = this.#followers.get(sessionId)
    if (followers) {
      const stamped = `${frame.slice(0, -1)},"revision":${revision}}`
      for (const follower of followers) follower.sendOfSession(sessionId, stamped)
    }
    if (onList) this.#toList(sessionId, frame)
  }

  /** A frame for the list; followers of the session get it in their own stream. */
  list(sessionId: string, frame: string): void {
    const followers = this.#followers.get(sessionId)
    if (followers) for (const follower of followers) follower.sendOfSession(sessionId, frame)
    this.#toList(sessionId, frame)
  }

  #toList(sessionId: string, frame: string): void {
    this.#publish(frame)
    for (const connection of this.#mixed) if (!connection.follows.has(sessionId)) connection.send(frame)
  }

  #publish(frame: string): void {
    for (const server of this.#servers) server.publish(LIST, frame)
  }

  #unfollow(sessionId: string, connection: Connection): void {
    const followers = this.#followers.get(sessionId)
    followers?.delete(connection)
    if (followers?.size === 0) this.#followers.delete(sessionId)
  }

  #sort(connection: Connection): void {
    if (!connection.onList) return
    const mixed = connection.follows.size > 0
    if (mixed) this.#mixed.add(connection)
    else this.#mixed.delete(connection)
    const { socket }: { socket: Socket } = connection
    if (mixed) socket.unsubscribe(LIST)
    else socket.subscribe(LIST)
  }
}
