/** What one client has said and nobody has dealt with yet, in order. */
import { SOCKET_INBOX_CHARS_MAX, SOCKET_INBOX_MAX } from '../lib/limits.ts'

export interface InboxParts {
  /** Whether the client's next message may be dealt with. */
  ready(): boolean
  handle(message: string): void
}

export class Inbox {
  readonly #parts: InboxParts
  #waiting: string[] = []
  #first = 0
  #chars = 0
  #pumping = false

  constructor(parts: InboxParts) {
    this.#parts = parts
  }

  /** Deals with the message now or in its turn. False when too much waits already. */
  push(message: string): boolean {
    if (this.#waiting.length - this.#first >= SOCKET_INBOX_MAX) return false
    if (this.#chars + message.length > SOCKET_INBOX_CHARS_MAX && this.#chars > 0) return false
    this.#waiting.push(message)
    this.#chars += message.length
    this.pump()
    return true
  }

  /** Deals with what waits, as far as the client is ready for it. */
  pump(): void {
    // Handling a message may make room for the next one and come back here.
    if (this.#pumping) return
    this.#pumping = true
    while (this.#first < this.#waiting.length && this.#parts.ready()) this.#parts.handle(this.#take())
    this.#pumping = false
    if (this.#first < this.#waiting.length) return
    this.#waiting = []
    this.#first = 0
  }

  clear(): void {
    this.#waiting = []
    this.#first = 0
    this.#chars = 0
  }

  #take(): string {
    const message = this.#waiting[this.#first] ?? ''
    this.#waiting[this.#first] = ''
    this.#first++
    this.#chars -= message.length
    return message
  }
}
