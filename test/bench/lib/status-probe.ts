/** Measures the time from a status hook to its frame on a client that follows the list. */
import { ListClient } from './list-client.ts'
import { statusHook } from './payloads.ts'
import { PostConnection } from './post-connection.ts'

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
  readonly #agents: readonly Agent[]
  #client: ListClient | undefined
  #samples: number[] = []
  #sent = 0

  private constructor(agents: readonly Agent[]) {
    this.#agents = agents
  }

  /** A probe whose sessions exist and wait for a prompt. */
  static async open(port: number, prefix: string, sessionCount: number): Promise<StatusProbe> {
    const connections = await PostConnection.openMany(port, sessionCount)
    const agents = connections.map((connection, index) => new Agent(`${prefix}-${index}`, connection))
    for (const agent of agents) await agent.begin()
    const probe = new StatusProbe(agents)
    const bySession = new Map(agents.map((agent) => [agent.session, agent]))
    probe.#client = await ListClient.follow(port, (frame) => probe.#hear(bySession, frame))
    return probe
  }

  /**
   * Posts `perSecond` hooks for some seconds, evenly over the sessions, whether or not the server keeps up. `alongside`
   * is called for each of them, for load of another kind.
   */
  async run(perSecond: number, seconds: number, alongside: (index: number) => void = () => {}): Promise<Latencies> {
    this.#samples = []
    for (const agent of this.#agents) agent.awaited.length = 0
    const began = performance.now()
    for (let done = 0; done < seconds * perSecond; ) {
      const due = Math.min(Math.floor(((performance.now() - began) / 1000) * perSecond), seconds * perSecond)
      for (; done < due; done++) {
        this.#agents[this.#sent++ % this.#agents.length]?.post()
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
    for (const agent of this.#agents) agent.close()
  }

  get #missing(): number {
    return this.#agents.reduce((sum, { awaited }) => sum + awaited.length, 0)
  }

  #hear(agents: ReadonlyMap<string, Agent>, text: string): void {
    if (!text.includes('"work_status"')) return
    const frame = JSON.parse(text)
    const awaited = agents.get(frame.session_id ?? frame.session?.id)?.awaited
    const status = frame.changes?.work_status ?? frame.session?.work_status
    if (!awaited?.[0]?.statuses.includes(status)) return
    this.#samples.push(performance.now() - awaited[0].at)
    awaited.shift()
  }
}

/** One session and its hooks, which it posts one after the other as an agent does. */
class Agent {
  readonly session: string
  /** Frames that are still to come, oldest first. */
  readonly awaited: Awaited[] = []
  readonly #connection: PostConnection
  #turn = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(session: string, connection: PostConnection) {
    this.session = session
    this.#connection = connection
  }

  async begin(): Promise<void> {
    await this.#connection.post(statusHook(this.session, 1))
  }

  /** Posts the next hook as soon as the one before is acknowledged. */
  post(): void {
    const turn = this.#turn++
    const body = statusHook(this.session, turn)
    this.#last = this.#last.then(() => {
      this.awaited.push({ at: performance.now(), statuses: STATUSES[turn % 2] ?? [] })
      return this.#connection.post(body)
    })
  }

  close(): void {
    this.#connection.close()
  }
}
