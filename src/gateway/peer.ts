/** Whose process is at the other end of a loopback connection, from Linux's /proc/net/tcp. */
import { readFileSync } from 'node:fs'

/** Milliseconds for which a reading of the tables is believed; ports are used again by others. */
const BELIEVED_MS = 1_000
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const
const ROOT = 0

export interface Peer {
  readonly address: string
  readonly port: number
}

/** Reads all connections at once and remembers them briefly: a keep-alive connection asks for every request. */
export class PeerCheck {
  readonly #uid: number
  readonly #servedPort: () => number
  readonly #read: (path: string) => string
  #owners: ReadonlyMap<number, number> | undefined
  #readAt = Number.NEGATIVE_INFINITY

  /** `uid` is ours; `read` reads a table of /proc/net. */
  constructor(uid: number, servedPort: () => number, read = (path: string) => readFileSync(path, 'utf8')) {
    this.#uid = uid
    this.#servedPort = servedPort
    this.#read = read
  }

  /** Whether the peer's socket belongs to our user or to root; also when the system cannot tell at all. */
  allows({ port }: Peer): boolean {
    const isFresh = performance.now() - this.#readAt < BELIEVED_MS
    if (!isFresh || !this.#owners?.has(port)) this.#refresh()
    if (!this.#owners) return true
    const uid = this.#owners.get(port)
    return uid === this.#uid || uid === ROOT
  }

  #refresh(): void {
    this.#readAt = performance.now()
    try {
      this.#owners = new Map(TABLES.flatMap((path) => [...ownersOf(this.#read(path), this.#servedPort())]))
    } catch {
      this.#owners = undefined
    }
  }
}

/** The users of the sockets that lead to port `to`, by their own port; columns as in Linux's proc_net_tcp. */
export function ownersOf(table: string, to: number): Map<number, number> {
  const served = to.toString(16).toUpperCase().padStart(4, '0')
  const row = new RegExp(`^\\s*\\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:${served} \\S+ \\S+ \\S+ \\S+\\s+(\\d+)`, 'gm')
  const owners = new Map<number, number>()
  for (const [, from = '', uid] of table.matchAll(row)) owners.set(Number.parseInt(from, 16), Number(uid))
  return owners
}
