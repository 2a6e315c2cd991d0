/**
 * What the main thread and the hosts of actors say to each other.
 * Letters travel in flat arrays, four cells each (`op, session id, number, text`), one array per tick and direction.
 */
import type { Cells } from '../lib/port.ts'

/** From the main thread to a host; `number` is the letter's sequence unless said otherwise. */
export type ToHostOp =
  /** text: options as JSON */
  | 'open'
  /** text: body of a hook post */
  | 'hook'
  /** text: body of a hook post whose sender waits for the answer */
  | 'ask'
  /** text: a client's message about this session */
  | 'say'
  /** text: a client's wish for a new session, which gets this id; the client follows it */
  | 'create'
  /** text: a client's wish for a session with the history of another one; it gets this id, and the client follows it */
  | 'fork'
  /** The session is to go on, driven by the server; the client follows it */
  | 'resume'
  /** text: the last revision the client has seen, or empty */
  | 'follow'
  /** text: the id of a subagent whose tool calls are asked for */
  | 'tools'
  /** text: the id of a subagent whose conversation is asked for */
  | 'subagent'
  /** text: a client's question to the agent of the session */
  | 'question'
  /** text: event id whose waiting post has gone */
  | 'lost'
  /** The database is open, and spooled hooks are applied: the host may look for itself what its agents do. */
  | 'watch'
  /** number: the batch whose rows, and all before them, are committed */
  | 'stored'
  /** number: echoed by `pong` */
  | 'ping'
  /** Ends the host's work; it answers `closed`. */
  | 'close'

/** From a host to the main thread. */
export type ToMainOp =
  /** text: a frame for followers; number: its revision */
  | 'frame'
  /** text: a frame for followers and the list; number: its revision */
  | 'shared'
  /** text: a frame for the list */
  | 'list'
  /** text: a frame for the sender of letter `number` */
  | 'reply'
  /** text: a frame that followers have got, for the sender of letter `number` if it is none of them */
  | 'echo'
  /** The sender of letter `number` follows the session from here; its frames wait for the snapshot. */
  | 'begin'
  /** text: the snapshot for the sender of letter `number` */
  | 'snapshot'
  /** The sender of letter `number` follows the session from here; what it missed comes as replies. */
  | 'caught'
  /** text: an encoded row for the store */
  | 'row'
  /** Letter `number` is done once the rows so far are committed. */
  | 'done'
  /** The sender of letter `number` hears more of it after it is done, until `over`. */
  | 'attend'
  /** The sender of letter `number` has heard everything. */
  | 'over'
  /** Letter `number` is refused; text: `status reason` */
  | 'refuse'
  /** The post of letter `number` waits; text: its event id */
  | 'hold'
  /** text: `event id \n answer`, an empty answer releases the post */
  | 'answer'
  /** text: the summary; number: last activity in Unix ms, negative when ended */
  | 'summary'
  /** The session is no longer in memory: what is stored is what it is. */
  | 'forget'
  /** Asks for `stored` with the number of this batch. */
  | 'barrier'
  /** Letter `number` belongs to the session named in this letter, not where it was sent. */
  | 'reroute'
  /** text: `level event json` */
  | 'log'
  | 'opened'
  | 'pong'
  | 'closed'

export interface Letter<Op extends string> {
  readonly op: Op
  readonly sessionId: string
  readonly number: number
  readonly text: string
}

export type ToHost = Letter<ToHostOp>
export type ToMain = Letter<ToMainOp>

const CELLS_PER_LETTER = 4

/** Calls `read` for each letter of an array, in order. */
export function readLetters<Op extends string>(cells: Cells, read: (letter: Letter<Op>) => void): void {
  for (let at = 0; at < cells.length; at += CELLS_PER_LETTER) {
    const [op, sessionId, number, text] = [cells[at], cells[at + 1], cells[at + 2], cells[at + 3]]
    read({ op: op as Op, sessionId: sessionId as string, number: number as number, text: text as string })
  }
}

/** Collects letters of one tick and hands them over as one array. */
export class Outbox<Op extends string> {
  readonly #send: (cells: Cells) => void
  #cells: (string | number)[] = []
  #scheduled = false

  constructor(send: (cells: Cells) => void) {
    this.#send = send
  }

  /** Queues a letter; it leaves with the others at the end of the tick, or at `flush`. */
  put(op: Op, sessionId: string, number: number, text: string): void {
    this.#cells.push(op, sessionId, number, text)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.flush())
  }

  flush(): void {
    this.#scheduled = false
    if (this.#cells.length === 0) return
    const cells = this.#cells
    this.#cells = []
    this.#send(cells)
  }
}
