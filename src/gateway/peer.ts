/** Whose process is at the other end of a loopback connection, from Linux's /proc/net/tcp. */
import { readFileSync } from 'node:fs'

/** Connections remembered; kept small because ports are used again by others. */
const REMEMBERED_MAX = 4_096
/** Milliseconds for which an answer about one port is believed. */
const BELIEVED_MS = 1_000
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const
const ROOT = 0

export interface Peer {
  readonly address: string
  readonly port: number
}

/** Remembers briefly, because a keep-alive connection asks for every request. */
export class PeerCheck {
  readonly #uid: number
  readonly #servedPort: () => number
  readonly #read: (path: string) => string
  readonly #known = new Map<number, { readonly allowed: boolean; readonly at: number }>()

  /** `uid` is ours; `read` reads a table of /proc/net. */
  constructor(uid: number, servedPort: () => number, read = (path: string) => readFileSync(path, 'utf8')) {
    this.#uid = uid
    this.#servedPort = servedPort
    this.#read = read
  }

  /** Whether the peer's socket belongs to our user or to root; also when the system cannot tell at all. */
  allows(peer: Peer): boolean {
    const known = this.#known.get(peer.port)
    const now = performance.now()
    if (known && now - known.at < BELIEVED_MS) return known.allowed
    const allowed = this.#look(peer.port)
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear()
    this.#known.set(peer.port, { allowed, at: now })
    return allowed
  }

  #look(port: number): boolean {
    for (const path of TABLES) {
      let table: string
      try {
        table = this.#read(path)
      } catch {
        return true
      }
      const uid = ownerOf(table, port, this.#servedPort())
      if (uid !== undefined) return uid === this.#uid || uid === ROOT
    }
    return false
  }
}

/** The user of the socket that leads from `from` to `to`; columns as in Linux's Documentation/networking/proc_net_tcp. */
export function ownerOf(table: string, from: number, to: number): number | undefined {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  const row = new RegExp(
    `^\\s*\\d+: [0-9A-F]+:${hex(from)} [0-9A-F]+:${hex(to)} \\S+ \\S+ \\S+ \\S+\\s+(\\d+)`,
    'm',
  ).exec(table)
  return row?.[1] === undefined ? undefined : Number(row[1])
}
