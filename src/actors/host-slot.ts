/**
 * The main thread's end of one host of actors: keeps every letter until it is done, notices when the host dies or
 * hangs, starts another, and hands it the unfinished letters one by one, so that the one that kills is found.
 */
import { HEARTBEAT_MS, HOST_INPUTS_MAX, INPUT_DEATHS_MAX, MUTE_HOSTS_MAX } from '../lib/limits.ts'
import type { Port } from '../lib/port.ts'
import { Outbox, readLetters, type ToHostOp, type ToMain, type ToMainOp } from './letters.ts'

/** Whoever sent a letter hears of it through these; each letter ends with exactly one `done` or `refused`. */
export interface Ticket {
  done(): void
  /** `status` is an HTTP status. */
  refused(status: number, reason: string): void
  reply?(frame: string): void
  /** A frame for the sender, unless it follows the session and has it already. */
  echo?(frame: string): void
  /** The sender follows the session from here; its frames wait for `snapshot`. */
  begin?(): void
  snapshot?(frame: string): void
  caught?(): void
  hold?(eventId: string): void
}

/** A running host; `onDeath` is called at most once, and not after `port.close()`. */
export interface HostThread {
  readonly port: Port
  onDeath(listener: (reason: string) => void): void
}

export interface SlotParts {
  startThread(): HostThread
  /** After so much silence the host counts as hung. */
  readonly silenceMs: number
  /** Text of the `open` letter. */
  readonly options: string
  /** A letter that is not about one ticket. */
  letter(letter: ToMain): void
  /** Hands rows to the store; `then` runs once they, and all rows before them, are committed. */
  store(rows: readonly string[], then: () => void): void
  /** The letter belongs to another session than the main thread guessed. */
  reroute(op: ToHostOp, sessionId: string, text: string, ticket: Ticket): void
  died(reason: string): void
  /** Hosts die before they say a word: no other one will do better. */
  hopeless(reason: string): void
  dropped(op: ToHostOp, sessionId: string): void
}

interface Sent {
  readonly op: ToHostOp
  readonly sessionId: string
  readonly number: number
  readonly text: string
  readonly ticket: Ticket
  deaths: number
}

export class HostSlot {
  readonly #parts: SlotParts
  readonly #pending = new Map<number, Sent>()
  /** Senders of letters that are done who hear more. */
  readonly #attending = new Map<number, Ticket>()
  /** Letters to be handed over one at a time after a death; empty in normal times. */
  #careful: Sent[] = []
  #next = 1
  #thread: HostThread | undefined
  #outbox: Outbox<ToHostOp>
  #heartbeat: ReturnType<typeof setInterval>
  #heardAt = performance.now()
  #beatAt = performance.now()
  #closed: (() => void) | undefined
  #watching = false
  /** Hosts in a row that died without a word. */
  #mute = 0

  constructor(parts: SlotParts) {
    this.#parts = parts
    this.#outbox = new Outbox(() => {})
    this.#start()
    this.#heartbeat = setInterval(() => this.#beat(), this.#beatMs)
  }

  get #beatMs(): number {
    return Math.min(HEARTBEAT_MS, this.#parts.silenceMs / 2)
  }

  /** Letters that are not done yet. */
  get pending(): number {
    return this.#pending.size
  }

  post(op: ToHostOp, sessionId: string, text: string, ticket: Ticket): void {
    if (this.#pending.size >= HOST_INPUTS_MAX) return ticket.refused(503, 'the server is overloaded')
    const sent = { op, sessionId, number: this.#next++, text, ticket, deaths: 0 }
    this.#pending.set(sent.number, sent)
    if (this.#careful.length > 0 || !this.#thread) this.#careful.push(sent)
    else this.#send(sent)
  }

  /** A letter nobody waits for; it is not repeated after a death. */
  tell(op: ToHostOp, sessionId: string, number: number, text: string): void {
    if (this.#thread) this.#outbox.put(op, sessionId, number, text)
  }

  /** The host may look for itself what its agents do, and so may each that takes its place. */
  watch(): void {
    this.#watching = true
    if (this.#thread) this.#outbox.put('watch', '', 0, '')
  }

  /** Settles when the host has written its last letters. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    if (!this.#thread) return
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve
    })
    this.#outbox.put('close', '', 0, '')
    const late = setTimeout(() => this.#closed?.(), this.#parts.silenceMs)
    await closed
    clearTimeout(late)
    const thread = this.#thread
    this.#thread = undefined
    thread?.port.close()
  }

  #start(): void {
    const thread = this.#parts.startThread()
    this.#thread = thread
    this.#heardAt = performance.now()
    this.#outbox = new Outbox((cells) => thread.port.post(cells))
    thread.port.onMessage((cells) => {
      if (this.#thread === thread) this.#receive(cells)
    })
    thread.onDeath((reason) => {
      if (this.#thread === thread) this.#die(reason)
    })
    this.#outbox.put('open', '', 0, this.#parts.options)
    if (this.#watching) this.#outbox.put('watch', '', 0, '')
    const [first] = this.#careful
    if (first) this.#send(first)
  }

  #send({ op, sessionId, number, text }: Sent): void {
    this.#outbox.put(op, sessionId, number, text)
  }

  #beat(): void {
    const now = performance.now()
    // On a machine that slept nobody could be heard.
    const stoodStill = now - this.#beatAt > this.#beatMs + this.#parts.silenceMs / 2
    this.#beatAt = now
    if (stoodStill) this.#heardAt = now
    if (!this.#thread) return
    if (now - this.#heardAt > this.#parts.silenceMs) return this.#die('no sign of life')
    this.#outbox.put('ping', '', 0, '')
  }

  /** What the host has not finished is handed to its successor, once everything it did finish can be read back. */
  #die(reason: string): void {
    this.#thread?.port.close()
    this.#thread = undefined
    if (this.#closed) return this.#closed()
    this.#attending.clear()
    this.#parts.died(reason)
    const [suspect] = this.#careful
    if (suspect && ++suspect.deaths >= INPUT_DEATHS_MAX) this.#drop(suspect)
    this.#careful = [...this.#pending.values()]
    if (++this.#mute > MUTE_HOSTS_MAX) return this.#parts.hopeless(reason)
    this.#parts.store([], () => this.#start())
  }

  #drop(sent: Sent): void {
    this.#pending.delete(sent.number)
    this.#parts.dropped(sent.op, sent.sessionId)
    sent.ticket.refused(422, 'the server could not apply this')
  }

  #receive(cells: Parameters<typeof readLetters>[0]): void {
    this.#heardAt = performance.now()
    this.#mute = 0
    const rows: string[] = []
    const done: Sent[] = []
    const stored: number[] = []
    readLetters<ToMainOp>(cells, (letter) => {
      if (letter.op === 'row') rows.push(letter.text)
      else if (letter.op === 'barrier') stored.push(letter.number)
      else if (letter.op === 'closed') this.#closed?.()
      else if (letter.op === 'done') this.#take(letter.number, (sent) => done.push(sent))
      else this.#deliver(letter)
    })
    const thread = this.#thread
    this.#parts.store(rows, () => {
      for (const { ticket } of done) ticket.done()
      if (this.#thread === thread) for (const barrier of stored) this.#outbox.put('stored', '', barrier, '')
    })
  }

  #deliver(letter: ToMain): void {
    const { op, sessionId, number, text } = letter
    const ticket = this.#pending.get(number)?.ticket ?? this.#attending.get(number)
    switch (op) {
      case 'reply':
        return ticket?.reply?.(text)
      case 'echo':
        return ticket?.echo?.(text)
      case 'attend':
        if (ticket) this.#attending.set(number, ticket)
        return
      case 'over':
        this.#attending.delete(number)
        return
      case 'begin':
        return ticket?.begin?.()
      case 'snapshot':
        return ticket?.snapshot?.(text)
      case 'caught':
        return ticket?.caught?.()
      case 'hold':
        return this.#take(number, (sent) => sent.ticket.hold?.(text))
      case 'refuse': {
        const [status = '500', ...reason] = text.split(' ')
        return this.#take(number, (sent) => sent.ticket.refused(Number(status), reason.join(' ')))
      }
      case 'reroute':
        return this.#take(number, (sent) => this.#parts.reroute(sent.op, sessionId, sent.text, sent.ticket))
      default:
        return this.#parts.letter(letter)
    }
  }

  #take(number: number, then: (sent: Sent) => void): void {
    const sent = this.#pending.get(number)
    if (!sent) return
    this.#pending.delete(number)
    if (this.#careful[0] === sent) {
      this.#careful.shift()
      const [next] = this.#careful
      if (next) this.#send(next)
    }
    then(sent)
  }
}
