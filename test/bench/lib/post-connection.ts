/** A keep-alive connection for hook posts that costs the measuring side little. */
import type { Socket } from 'bun'

/** One request at a time. */
export class PostConnection {
  #socket: Socket | undefined
  #answered: ((status: number) => void) | undefined
  #received = ''
  #unsent: Buffer | undefined
  #broken = false

  private constructor() {}

  static async open(port: number): Promise<PostConnection> {
    const connection = new PostConnection()
    connection.#socket = await Bun.connect({
      hostname: '127.0.0.1',
      port,
      socket: {
        data: (_, bytes) => connection.#receive(bytes.toString('latin1')),
        drain: () => connection.#flush(),
        close: () => connection.#break(),
        error: () => connection.#break(),
      },
    })
    return connection
  }

  static openMany(port: number, count: number): Promise<PostConnection[]> {
    return Promise.all(Array.from({ length: count }, () => PostConnection.open(port)))
  }

  /** The status of the answer; 0 when the connection broke. */
  post(body: string): Promise<number> {
    if (this.#broken) return Promise.resolve(0)
    return new Promise((resolve) => {
      this.#answered = resolve
      const bytes = Buffer.from(body)
      const head = `POST /api/hook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\n\r\n`
      this.#unsent = Buffer.concat([Buffer.from(head), bytes])
      this.#flush()
    })
  }

  close(): void {
    this.#socket?.end()
  }

  #flush(): void {
    if (!this.#unsent || !this.#socket) return
    const written = Math.max(0, this.#socket.write(this.#unsent))
    this.#unsent = written < this.#unsent.length ? this.#unsent.subarray(written) : undefined
  }

  #receive(text: string): void {
    this.#received += text
    const headEnd = this.#received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1] ?? 0)
    const end = headEnd + 4 + length
    if (this.#received.length < end) return
    const status = Number(this.#received.slice(9, 12))
    this.#received = this.#received.slice(end)
    this.#settle(status)
  }

  #break(): void {
    this.#broken = true
    this.#settle(0)
  }

  #settle(status: number): void {
    const answered = this.#answered
    this.#answered = undefined
    answered?.(status)
  }
}

/** Whether a post was acknowledged. */
export function isAccepted(status: number): boolean {
  return status >= 200 && status < 300
}
