/** One client: what it follows, what it waits for, and how much may pile up for it. */
import type { ServerWebSocket } from 'bun'
import {
  HELD_CHARS_MAX,
  HELD_FRAMES_MAX,
  SOCKET_BUFFER_BYTES_MAX,
  SOCKET_CALM_BYTES,
  SOCKET_COMMANDS_MAX,
  SOCKET_STALLED_BYTES,
  SOCKET_STALLED_MS,
} from '../lib/limits.ts'
import type { ServerMessage } from '../protocol/server/index.ts'

/** Filled in when the socket opens. */
export interface SocketData {
  connection?: Connection
}
export type Socket = ServerWebSocket<SocketData>

/** Frames of a session that wait for its snapshot. */
interface Held {
  readonly frames: string[]
  chars: number
}

export class Connection {
  readonly socket: Socket
  /** Sessions that it follows; kept by the hub. */
  readonly follows = new Set<string>()
  /** Whether it follows the list; kept by the hub. */
  onList = false
  readonly #held = new Map<string, Held>()
  readonly #commands = new Set<Promise<void>>()
  #stalledSince: number | undefined

  constructor(socket: Socket) {
    this.socket = socket
  }

  send(frame: string): void {
    if (this.socket.readyState !== WebSocket.OPEN) return
    this.socket.send(frame)
    if (this.socket.getBufferedAmount() > SOCKET_BUFFER_BYTES_MAX) this.socket.terminate()
  }

  reply(frame: ServerMessage): void {
    this.send(JSON.stringify(frame))
  }

  /** Sends a frame of a session that it follows, or keeps it until the session's snapshot has left. */
  sendOfSession(sessionId: string, frame: string): void {
    const held = this.#held.get(sessionId)
    if (!held) return this.send(frame)
    held.chars += frame.length
    if (held.frames.length < HELD_FRAMES_MAX && held.chars <= HELD_CHARS_MAX) held.frames.push(frame)
  }

  /** From here on the session's frames wait for `release`. */
  hold(sessionId: string): void {
    this.#held.set(sessionId, { frames: [], chars: 0 })
  }

  /** Sends the frames that waited. False when there were too many: some are missing, and the snapshot is needed again. */
  release(sessionId: string): boolean {
    const held = this.#held.get(sessionId)
    this.#held.delete(sessionId)
    if (!held) return true
    if (held.frames.length >= HELD_FRAMES_MAX || held.chars > HELD_CHARS_MAX) return false
    for (const frame of held.frames) this.send(frame)
    return true
  }

  /** Counts a command until `settled` settles; it must not reject. */
  track(settled: Promise<void>): void {
    this.#commands.add(settled)
    void settled.then(() => {
      this.#commands.delete(settled)
      this.onCalm()
    })
  }

  /** Whether its next message may be dealt with. */
  get calm(): boolean {
    return this.#commands.size < SOCKET_COMMANDS_MAX && this.socket.getBufferedAmount() <= SOCKET_CALM_BYTES
  }

  /** Called when it may have become calm. */
  onCalm: () => void = () => {}

  /** Settles when all commands that came before are stored, so that a read sees them. */
  async commandsStored(): Promise<void> {
    await Promise.all(this.#commands)
  }

  /** Cuts a socket that takes nothing for too long. `now` in ms of any steady clock. */
  sweep(now: number): void {
    if (this.socket.getBufferedAmount() <= SOCKET_STALLED_BYTES) this.#stalledSince = undefined
    else if (this.#stalledSince === undefined) this.#stalledSince = now
    else if (now - this.#stalledSince > SOCKET_STALLED_MS) this.socket.terminate()
  }
}
