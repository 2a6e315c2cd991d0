/** A server that says what a test tells it to, and keeps what it hears. */
import type { ClientMessage } from '../../src/protocol/client/index.ts'
import type { ServerMessage } from '../../src/protocol/server/index.ts'
import { Changes } from './within.ts'

export interface ScriptedServerOptions {
  /** What it answers to each message. */
  readonly answer: (message: ClientMessage) => readonly ServerMessage[]
  /** 0 for one that is free. */
  readonly port?: number
  /** Unix socket to listen on instead of a port. */
  readonly unix?: string
  /** Wanted as a bearer token. */
  readonly token?: string
}

/** Patience of tests, in milliseconds. */
const PATIENCE_MS = 10_000

export class ScriptedServer {
  readonly heard: ClientMessage[] = []
  readonly #changes = new Changes()
  readonly #server: Bun.Server<undefined>

  constructor({ answer, port = 0, unix, token }: ScriptedServerOptions) {
    this.#server = Bun.serve<undefined>({
      ...(unix ? { unix } : { port, hostname: '127.0.0.1' }),
      fetch: (request, server) => {
        const refused = token !== undefined && request.headers.get('authorization') !== `Bearer ${token}`
        if (refused) return new Response(null, { status: 401 })
        return server.upgrade(request) ? undefined : new Response(null, { status: 404 })
      },
      websocket: {
        open: (socket) => {
          socket.subscribe('all')
          socket.send(JSON.stringify({ type: 'hello', version: '0.1.0', protocol_version: 1 }))
        },
        message: (socket, text) => {
          const message: ClientMessage = JSON.parse(String(text))
          this.heard.push(message)
          for (const frame of answer(message)) socket.send(JSON.stringify(frame))
          this.#changes.announce()
        },
      },
    } as Bun.Serve.Options<undefined>)
  }

  get port(): number {
    return this.#server.port ?? 0
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Sends a frame to everybody. */
  say(...frames: readonly ServerMessage[]): void {
    for (const frame of frames) this.#server.publish('all', JSON.stringify(frame))
  }

  /** Waits for the `count`-th message of a type. */
  hears<Type extends ClientMessage['type']>(type: Type, count = 1): Promise<Extract<ClientMessage, { type: Type }>> {
    const isOne = (message: ClientMessage): message is Extract<ClientMessage, { type: Type }> => message.type === type
    return this.#changes.until(
      () => this.heard.filter(isOne)[count - 1],
      PATIENCE_MS,
      () => `nobody said ${type}; heard: ${this.heard.map((message) => message.type).join(', ')}`,
    )
  }

  /** Ends it as a crash does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(true)
  }
}
