/** A client that follows the list of sessions. */

const ANSWER_MS = 20_000

export class ListClient {
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /** A client that holds the list; `onFrame` hears every frame after it. */
  static follow(port: number, onFrame: (frame: string) => void = () => {}): Promise<ListClient> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
      const late = setTimeout(() => reject(new Error(`no list of sessions within ${ANSWER_MS} ms`)), ANSWER_MS)
      socket.onerror = () => reject(new Error(`no WebSocket on port ${port}`))
      socket.onopen = () => socket.send('{"type":"subscribe_list"}')
      socket.onmessage = ({ data }) => {
        if (!String(data).startsWith('{"type":"sessions_list"')) return
        clearTimeout(late)
        socket.onmessage = (event) => onFrame(String(event.data))
        resolve(new ListClient(socket))
      }
    })
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message))
  }

  close(): void {
    this.#socket.close()
  }
}
