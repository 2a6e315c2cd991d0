/** Follows sessions over crashes of their server, and checks that no revision ever stands for two frames. */

export interface RevisionFaults {
  /** Frames whose revision another frame of that session had carried. */
  readonly reused: number
  /** Frames and snapshots that came with a revision that was not news. */
  readonly backwards: number
}

interface Watched {
  last: number
  /** Frames by revision, as hashes. */
  readonly seen: Map<number, number | bigint>
}

export class RevisionWatch {
  readonly #sessions: ReadonlyMap<string, Watched>
  #socket: WebSocket | undefined
  #reused = 0
  #backwards = 0
  #frames = 0

  constructor(sessionIds: readonly string[]) {
    this.#sessions = new Map(sessionIds.map((id) => [id, { last: 0, seen: new Map() }]))
  }

  get faults(): RevisionFaults {
    return { reused: this.#reused, backwards: this.#backwards }
  }

  /** Frames with a revision so far. */
  get frames(): number {
    return this.#frames
  }

  /** Follows all sessions; every second one from the last revision it has seen. */
  async connect(port: number): Promise<void> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    this.#socket = socket
    socket.onmessage = ({ data }) => this.hear(String(data))
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve()
      socket.onerror = () => reject(new Error(`no WebSocket on port ${port}`))
    })
    let number = 0
    for (const [session_id, { last }] of this.#sessions) {
      const since = number++ % 2 === 1 && last > 0 ? { since_revision: last } : {}
      socket.send(JSON.stringify({ type: 'subscribe_session', session_id, ...since }))
    }
  }

  disconnect(): void {
    this.#socket?.close()
    this.#socket = undefined
  }

  /** Takes one frame of the server. */
  hear(text: string): void {
    const frame = JSON.parse(text)
    if (frame.type === 'session_snapshot') return this.#hearSnapshot(frame.session.id, frame.session.revision)
    if (typeof frame.revision !== 'number') return
    const watched = this.#sessions.get(frame.session_id ?? frame.session?.id)
    if (!watched) return
    this.#frames++
    const hash = Bun.hash(text)
    const known = watched.seen.get(frame.revision)
    if (known !== undefined && known !== hash) this.#reused++
    if (frame.revision <= watched.last) this.#backwards++
    watched.seen.set(frame.revision, hash)
    watched.last = Math.max(watched.last, frame.revision)
  }

  #hearSnapshot(sessionId: string, revision: number): void {
    const watched = this.#sessions.get(sessionId)
    if (!watched) return
    if (revision < watched.last) this.#backwards++
    watched.last = Math.max(watched.last, revision)
  }
}
