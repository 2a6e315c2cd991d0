/** Measures the time from a status hook to its frame on a client that follows the list. */
import { ListClient } from './list-client.ts'
import { statusHook } from './payloads.ts'
import { PostConnection } from './post-connection.ts'

/** Opened ahead; more are opened while none is free, as each hook script opens its own. */
const CONNECTIONS = 64
/** Milliseconds after the last post within which its frame must come. */
const GRACE_MS = 1_000

export interface Latencies {
  /** Milliseconds from the first byte of a post to its frame. */
  readonly samples: readonly number[]
  /** Frames that never came. */
  readonly missing: number
}

interface Awaited {
  readonly at: number
  readonly statuses: readonly string[]
}

const STATUSES = [['working'], ['waiting', 'reply']] as const

export class StatusProbe {
  readonly #sessions: readonly string[]
  readonly #port: number
  readonly #connections: PostConnection[]
  readonly #free: PostConnection[]
  /** Frames that each session still owes, oldest first. */
  readonly #awaited = new Map<string, Awaited[]>()
  #client: ListClient | undefined
  #samples: number[] = []
  #sent = 0

  private constructor(port: number, sessions: readonly string[], connections: PostConnection[]) {
    this.#port = port
    this.#sessions = sessions
    this.#connections = connections
    this.#free = [...connections]
  }

  /** A probe whose sessions exist and wait for a prompt. */
  static async open(port: number, prefix: string, sessionCount: number): Promise<StatusProbe> {
    const sessions = Array.from({ length: sessionCount }, (_, index) => `${prefix}-${index}`)
    const probe = new StatusProbe(port, sessions, await PostConnection.openMany(port, CONNECTIONS))
    for (const session of sessions) await probe.#connections[0]?.post(statusHook(session, 1))
    probe.#client = await ListClient.follow(port, (frame) => probe.#hear(frame))
    return probe
  }

  /**
   * Posts `perSecond` hooks for some seconds, evenly over the sessions, whether or not the server keeps up. `alongside`
   * is called for each of them, for load of another kind.
   */
  async run(perSecond: number, seconds: number, alongside: (index: number) => void = () => {}): Promise<Latencies> {
    this.#samples = []
    this.#awaited.clear()
    const began = performance.now()
    for (let done = 0; done < seconds * perSecond; ) {
      const due = Math.min(Math.floor(((performance.now() - began) / 1000) * perSecond), seconds * perSecond)
      for (; done < due; done++) {
        this.#post()
        alongside(done)
      }
      await Bun.sleep(1)
    }
    const end = performance.now() + GRACE_MS
    while (this.#missing > 0 && performance.now() < end) await Bun.sleep(1)
    return { samples: this.#samples, missing: this.#missing }
  }

  close(): void {
    this.#client?.close()
    for (const connection of this.#connections) connection.close()
  }

  get #missing(): number {
    return [...this.#awaited.values()].reduce((sum, { length }) => sum + length, 0)
  }

  #post(): void {
    const number = this.#sent++
    const session = this.#sessions[number % this.#sessions.length] ?? ''
    const turn = Math.floor(number / this.#sessions.length)
    const body = statusHook(session, turn)
    const awaited = { at: performance.now(), statuses: STATUSES[turn % 2] ?? [] }
    const owed = this.#awaited.get(session)
    if (owed) owed.push(awaited)
    else this.#awaited.set(session, [awaited])
    void this.#send(body)
  }

  async #send(body: string): Promise<void> {
    const connection = this.#free.pop() ?? (await this.#connect())
    await connection.post(body)
    this.#free.push(connection)
  }

  async #connect(): Promise<PostConnection> {
    const connection = await PostConnection.open(this.#port)
    this.#connections.push(connection)
    return connection
  }

  #hear(text: string): void {
    if (!text.includes('"work_status"')) return
    const frame = JSON.parse(text)
    const [first] = this.#awaited.get(frame.session_id ?? frame.session?.id) ?? []
    if (!first?.statuses.includes(frame.changes?.work_status ?? frame.session?.work_status)) return
    this.#awaited.get(frame.session_id ?? frame.session?.id)?.shift()
    this.#samples.push(performance.now() - first.at)
  }
}
