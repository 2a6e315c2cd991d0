/** Prompts of ours that Claude has not read yet: it says so by repeating them. */
import { randomUUID } from 'node:crypto'
import { type JsonObject, textAt } from '../../lib/json.ts'
import type { SessionEvent } from '../../session/events.ts'

/** Prompts that may wait; Claude forgets those that an interrupt takes back. */
const PROMPTS_MAX = 256

interface Prompt {
  readonly messageId: string | null
  readonly steers: boolean
  /** The turn in which it was sent; null outside of turns. */
  readonly turn: number | null
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export class Prompts {
  readonly #sessionId: string
  readonly #waiting = new Map<string, Prompt>()
  #turn = 0

  constructor(sessionId: string) {
    this.#sessionId = sessionId
  }

  /** The id under which the prompt is sent: that of its row, so that the transcript knows it by the same. */
  add(messageId: string | null, steers: boolean, inTurn: boolean): string {
    const native = messageId?.slice(this.#sessionId.length + 1) ?? ''
    const uuid = UUID.test(native) ? native : randomUUID()
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size >= PROMPTS_MAX && oldest !== undefined) this.#waiting.delete(oldest)
    this.#waiting.set(uuid, { messageId, steers, turn: inTurn ? this.#turn : null })
    return uuid
  }

  /** A line in the name of the user; what became of guidance, if it was that. */
  heard(body: JsonObject): readonly SessionEvent[] {
    const uuid = textAt(body, 'uuid') ?? ''
    const prompt = body.isReplay === true ? this.#waiting.get(uuid) : undefined
    if (!prompt) return []
    this.#waiting.delete(uuid)
    if (!prompt.steers || prompt.messageId === null) return []
    // Outside of the turn that it was meant for it is a prompt like any other.
    const toolOutput = prompt.turn === this.#turn ? 'delivered' : 'fallback'
    return [{ type: 'message_changed', id: prompt.messageId, toolOutput }]
  }

  turnEnded(): void {
    this.#turn++
  }
}
