/** A client that follows sessions. */

const ANSWER_MS = 20_000

export interface Snapshot {
  readonly id: string
  readonly messages: readonly { readonly id: string; readonly content: string }[]
}

export class SessionClient {
  readonly #socket: WebSocket
  readonly #waiting = new Map<string, (snapshot: Snapshot) => void>()
  #created: ((snapshot: Snapshot) => void) | undefined

  private constructor(socket: WebSocket, onFrame: (frame: string) => void) {
    this.#socket = socket
    socket.onmessage = ({ data }) => this.#hear(String(data), onFrame)
  }

  /** `onFrame` hears every frame but snapshots. */
  static open(port: number, onFrame: (frame: string) => void = () => {}): Promise<SessionClient> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
      socket.onerror = () => reject(new Error(`no WebSocket on port ${port}`))
      socket.onopen = () => resolve(new SessionClient(socket, onFrame))
    })
  }

  /** Settles with what the session is. */
  follow(sessionId: string): Promise<Snapshot> {
    const { promise, resolve, reject } = Promise.withResolvers<Snapshot>()
    const late = setTimeout(() => reject(new Error(`no snapshot within ${ANSWER_MS} ms`)), ANSWER_MS)
    this.#waiting.set(sessionId, (snapshot) => {
      clearTimeout(late)
      resolve(snapshot)
    })
    this.send({ type: 'subscribe_session', session_id: sessionId })
    return promise
  }

  /** Makes a session that the server drives, which is followed from then on. One at a time. */
  create(cwd: string): Promise<Snapshot> {
    const { promise, resolve, reject } = Promise.withResolvers<Snapshot>()
    const late = setTimeout(() => reject(new Error(`no session within ${ANSWER_MS} ms`)), ANSWER_MS)
    this.#created = (snapshot) => {
      clearTimeout(late)
      this.#created = undefined
      resolve(snapshot)
    }
    this.send({ type: 'create_session', provider: 'claude', cwd })
    return promise
  }

  send(message: Readonly<Record<string, unknown>>): void {
    this.#socket.send(JSON.stringify(message))
  }

  close(): void {
    this.#socket.close()
  }

  #hear(text: string, onFrame: (frame: string) => void): void {
    if (!text.startsWith('{"type":"session_snapshot"')) return onFrame(text)
    const { session }: { session: Snapshot } = JSON.parse(text)
    const heard = this.#waiting.get(session.id) ?? this.#created
    heard?.(session)
    this.#waiting.delete(session.id)
  }
}
