/** The doors: one on a TCP address, one on a Unix socket, with the same routes behind both. */
import type { Database } from 'bun:sqlite'
import { chmodSync, rmSync } from 'node:fs'
import type { Server } from 'bun'
import type { Hono } from 'hono'
import type { ActorPool } from '../actors/actor-pool.ts'
import type { BindAddress } from '../lib/bind-address.ts'
import {
  HOOK_BODY_BYTES_MAX,
  SOCKET_BUFFER_BYTES_MAX,
  SOCKET_IDLE_SECONDS,
  SOCKET_MESSAGE_BYTES_MAX,
  SOCKET_SWEEP_MS,
} from '../lib/limits.ts'
import { errorFrame } from '../protocol/errors.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type { StoreLink } from '../store/store-link.ts'
import { type AdmissionRules, refusal } from './admission.ts'
import { receive } from './client-messages.ts'
import { Connection, type Socket, type SocketData } from './connection.ts'
import type { GatewayHandlers } from './handlers/index.ts'
import type { Hub } from './hub.ts'
import { Inbox } from './inbox.ts'
import { Subscriptions } from './subscriptions.ts'

/** Going away, as RFC 6455 numbers it. */
const GOING_AWAY = 1001
/** Milliseconds that open requests get to finish when the server stops. */
const STOP_PATIENCE_MS = 2_000

export interface GatewayParts {
  readonly app: Hono
  readonly hub: Hub
  readonly pool: ActorPool
  readonly store: StoreLink
  /** A readonly connection. */
  readonly reader: () => Database
  readonly handlers: Omit<GatewayHandlers, 'subscriptionsOf' | 'hub' | 'pool' | 'store' | 'reader'>
  readonly rules: AdmissionRules
  readonly bind: BindAddress
  /** Null serves no Unix socket. */
  readonly socketFile: string | null
  readonly hello: ServerMessage
}

/** What belongs to one connection. */
interface Client {
  readonly inbox: Inbox
  readonly subscriptions: Subscriptions
}

export class Gateway {
  readonly #parts: GatewayParts
  readonly #handlers: GatewayHandlers
  readonly #clients = new WeakMap<Connection, Client>()
  readonly #servers: Server<SocketData>[] = []
  readonly #hello: string
  #sweep: ReturnType<typeof setInterval> | undefined

  constructor(parts: GatewayParts) {
    this.#parts = parts
    this.#hello = JSON.stringify(parts.hello)
    this.#handlers = {
      ...parts.handlers,
      hub: parts.hub,
      pool: parts.pool,
      store: parts.store,
      reader: parts.reader,
      subscriptionsOf: (connection) => this.#clientOf(connection).subscriptions,
    }
  }

  /** Serves; throws what the system says when the address is taken. Returns the port that was given. */
  listen(): number {
    const { bind, socketFile, hub } = this.#parts
    const tcp = Bun.serve({ ...this.#options(false), hostname: bind.host, port: bind.port })
    this.#servers.push(tcp)
    if (socketFile !== null) {
      // A file left by a killed server; the lock on the data directory says that nobody serves it.
      rmSync(socketFile, { force: true })
      this.#servers.push(Bun.serve({ ...this.#options(true), unix: socketFile }))
      chmodSync(socketFile, 0o600)
    }
    for (const server of this.#servers) hub.attach(server)
    this.#sweep = setInterval(() => {
      for (const connection of hub.connections) connection.sweep(performance.now())
    }, SOCKET_SWEEP_MS)
    return tcp.port ?? bind.port
  }

  /** Refuses newcomers, says goodbye to clients, and gives open requests a moment. */
  async close(): Promise<void> {
    clearInterval(this.#sweep)
    for (const { socket } of this.#parts.hub.connections) socket.close(GOING_AWAY, 'the server stops')
    const stopped = Promise.all(this.#servers.map((server) => server.stop()))
    await Promise.race([stopped, Bun.sleep(STOP_PATIENCE_MS)])
    await Promise.all(this.#servers.map((server) => server.stop(true)))
  }

  #options(viaSocketFile: boolean) {
    return {
      maxRequestBodySize: HOOK_BODY_BYTES_MAX,
      fetch: (request: Request, server: Server<SocketData>) => this.#fetch(request, server, viaSocketFile),
      websocket: {
        maxPayloadLength: SOCKET_MESSAGE_BYTES_MAX,
        backpressureLimit: SOCKET_BUFFER_BYTES_MAX,
        closeOnBackpressureLimit: true,
        idleTimeout: SOCKET_IDLE_SECONDS,
        sendPings: true,
        open: (socket: Socket) => this.#open(socket),
        message: (socket: Socket, data: string | Buffer) => this.#message(socket, data),
        drain: (socket: Socket) => this.#drain(socket),
        close: (socket: Socket) => this.#close(socket),
      },
    }
  }

  #fetch(
    request: Request,
    server: Server<SocketData>,
    viaSocketFile: boolean,
  ): Response | Promise<Response> | undefined {
    const { pathname, search } = new URL(request.url)
    const { rules, app } = this.#parts
    const peer = viaSocketFile ? null : server.requestIP(request)
    const refused = refusal(rules, { request, pathname, viaSocketFile, peer })
    if (refused) return refused
    // A post that waits for a person outlives any timeout of the server.
    if (search.includes('wait=1')) server.timeout(request, 0)
    if (pathname !== '/ws') return app.fetch(request)
    if (server.upgrade(request, { data: {} })) return undefined
    return new Response('Connect with a WebSocket client.\n', { status: 426, headers: { upgrade: 'websocket' } })
  }

  #open(socket: Socket): void {
    const connection = new Connection(socket)
    const { hub, pool, store, reader } = this.#parts
    const inbox = new Inbox({
      ready: () => connection.calm,
      handle: (message) => receive({ pool, store, reader, handlers: this.#handlers }, connection, message),
    })
    connection.onCalm = () => inbox.pump()
    this.#clients.set(connection, { inbox, subscriptions: new Subscriptions(connection, hub, pool) })
    socket.data.connection = connection
    hub.add(connection)
    connection.send(this.#hello)
  }

  #message({ data: { connection } }: Socket, data: string | Buffer): void {
    // Binary frames are ignored, as the original does.
    if (!connection || typeof data !== 'string') return
    if (!this.#clientOf(connection).inbox.push(data)) connection.reply(errorFrame('rate_limited', null))
  }

  #drain({ data: { connection } }: Socket): void {
    if (!connection) return
    const { inbox, subscriptions } = this.#clientOf(connection)
    subscriptions.pump()
    inbox.pump()
  }

  #close({ data: { connection } }: Socket): void {
    if (!connection) return
    const { inbox, subscriptions } = this.#clientOf(connection)
    inbox.clear()
    subscriptions.clear()
    this.#parts.hub.remove(connection)
  }

  #clientOf(connection: Connection): Client {
    const client = this.#clients.get(connection)
    if (!client) throw new Error('a connection is served from its opening on')
    return client
  }
}
