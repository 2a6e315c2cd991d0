/** A socket to the server: sends client messages, hands on frames, waits for answers. */

import { shorten } from '../lib/shorten.ts'
import type { ClientMessage } from '../protocol/client/index.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import { CliError, EXIT } from './cli-error.ts'
import { httpGet } from './http-get.ts'
import type { Target } from './target.ts'
import { clean } from './terminal-text.ts'

/** Milliseconds for the connection to stand. */
const CONNECT_MS_MAX = 3_000
/** Milliseconds that a server may take to agree to a close. */
const CLOSE_MS_MAX = 500

/** Characters of a refusal that are shown. */
const REASON_CHARS_MAX = 200

type Listener = (frame: ServerMessage, text: string) => void

export class LiveClient {
  /** Settles when the connection is gone, with the reason the server gave, if any. */
  readonly closed: Promise<string>
  readonly #socket: WebSocket
  readonly #listeners = new Set<Listener>()

  private constructor(socket: WebSocket) {
    this.#socket = socket
    this.closed = new Promise((resolve) => {
      socket.addEventListener('close', ({ reason }) => resolve(reason))
    })
    socket.addEventListener('message', ({ data }) => {
      const text = String(data)
      const frame = readFrame(text)
      if (frame) for (const listener of this.#listeners) listener(frame, text)
    })
  }

  /** Opens a connection. Throws CliError: `unreachable` (exit 3) or `unauthorized`. */
  static async connect(target: Target): Promise<LiveClient> {
    const headers: Record<string, string> = target.token ? { Authorization: `Bearer ${target.token}` } : {}
    const socket = new WebSocket(target.socketUrl, { headers })
    const client = new LiveClient(socket)
    const opened = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), CONNECT_MS_MAX)
      const settle = (value: boolean) => {
        clearTimeout(timer)
        resolve(value)
      }
      socket.addEventListener('open', () => settle(true))
      socket.addEventListener('close', () => settle(false))
    })
    if (opened) return client
    socket.terminate()
    throw await explainRefusal(target, headers)
  }

  send(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message))
  }

  /** Calls `listener` for every frame from now on; answers how to stop that. */
  onFrame(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Waits for the first frame that `pick` makes something of. Throws CliError with exit 3 when the connection ends or time is
   * up, and whatever `pick` throws.
   */
  async waitFor<Value>(pick: (frame: ServerMessage) => Value | undefined, timeoutMs: number): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>()
    const stop = this.onFrame((frame) => {
      try {
        const value = pick(frame)
        if (value !== undefined) resolve(value)
      } catch (error) {
        reject(error)
      }
    })
    const timer = setTimeout(
      () => reject(new CliError('timeout', `No answer within ${timeoutMs / 1000} s.`, EXIT.unreachable)),
      timeoutMs,
    )
    this.closed.then(() =>
      reject(new CliError('connection_lost', 'The server closed the connection.', EXIT.unreachable)),
    )
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      stop()
    }
  }

  /** Ends a connection over which nothing has come for two intervals, not even the answer to a ping. */
  watchOver(intervalMs: number): void {
    let heard = true
    const note = () => {
      heard = true
    }
    this.#socket.addEventListener('message', note)
    this.#socket.addEventListener('pong', note)
    const timer = setInterval(() => {
      if (!heard) this.#socket.terminate()
      heard = false
      this.#socket.ping()
    }, intervalMs)
    this.closed.then(() => clearInterval(timer))
  }

  close(): void {
    this.#socket.close()
    setTimeout(() => this.#socket.terminate(), CLOSE_MS_MAX).unref()
  }
}

/** Reads a frame leniently: a newer server may say more than we know. */
function readFrame(text: string): ServerMessage | null {
  try {
    const value: unknown = JSON.parse(text)
    return isFrame(value) ? value : null
  } catch {
    return null
  }
}

function isFrame(value: unknown): value is ServerMessage {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** A WebSocket does not say why it was refused; a plain request to the same place does. */
async function explainRefusal(target: Target, headers: Readonly<Record<string, string>>): Promise<CliError> {
  const { httpUrl, unixSocket, name } = target
  const options = { headers, timeoutMs: CONNECT_MS_MAX, ...(unixSocket && { socketPath: unixSocket }) }
  const answer = await httpGet(httpUrl, options).catch(() => null)
  if (answer === null) {
    const hint = 'Is it running? "orbitdock-server status" tells; "orbitdock-server start" starts it.'
    return new CliError('unreachable', `No server answers at ${name}. ${hint}`, EXIT.unreachable)
  }
  const { status, body } = answer
  if (status === 401) {
    const problem = target.token ? 'does not accept this token' : 'wants a token'
    return new CliError('unauthorized', `The server at ${name} ${problem}. Pass it in ORBITDOCK_TOKEN or --token.`)
  }
  // Why, in its own words: a web address, a name, or another user of this machine.
  const reason = status === 403 ? `: ${shorten(clean(body), REASON_CHARS_MAX)}` : '.'
  return new CliError(
    'refused',
    `The server at ${name} refused the connection (HTTP ${status})${reason}`,
    EXIT.unreachable,
  )
}
