/** Tells hooks of this machine from those of containers and other hosts, of whose processes nothing is known here. */
import { readFileSync } from 'node:fs'
import { BoundedSet } from '../lib/bounded-set.ts'
import { ELSEWHERE_MAX } from '../lib/limits.ts'

export class Elsewhere {
  /** Sessions that run elsewhere. */
  readonly sessions = new BoundedSet(ELSEWHERE_MAX)
  readonly #hostIdPath: string
  #hostId = ''

  /** `hostIdPath`: the file with the random name of this machine, which is made together with the hook script. */
  constructor(hostIdPath: string) {
    this.#hostIdPath = hostIdPath
  }

  /** The name of this machine; empty while it has none. */
  get hostId(): string {
    if (this.#hostId === '') {
      try {
        this.#hostId = readFileSync(this.#hostIdPath, 'utf8').trim()
      } catch {
        // Nobody has installed the hooks here.
      }
    }
    return this.#hostId
  }

  isHere(hostId: string): boolean {
    return hostId !== '' && hostId === this.hostId
  }
}
