/** Which processes hold which sessions of one host. A process holds one session at a time, a session may have several. */

export interface Holder {
  readonly pid: number
  /** How the system tells its start. */
  readonly start: string | null
  readonly sessionId: string
  /** Whether this is the agent for certain: its record says so, or it has outlived the hook that named it. */
  readonly proven: boolean
  /** Whether the store knows of it. */
  readonly stored: boolean
  /** When it was found to hold the session, in Unix milliseconds. */
  readonly since: number
}

export class SessionHolders {
  readonly #byPid = new Map<number, Holder>()
  readonly #bySession = new Map<string, Map<number, Holder>>()

  get all(): readonly Holder[] {
    return [...this.#byPid.values()]
  }

  get size(): number {
    return this.#byPid.size
  }

  get(pid: number): Holder | undefined {
    return this.#byPid.get(pid)
  }

  of(sessionId: string): readonly Holder[] {
    return [...(this.#bySession.get(sessionId)?.values() ?? [])]
  }

  put(holder: Holder): void {
    this.remove(holder.pid)
    this.#byPid.set(holder.pid, holder)
    const others = this.#bySession.get(holder.sessionId)
    if (others) others.set(holder.pid, holder)
    else this.#bySession.set(holder.sessionId, new Map([[holder.pid, holder]]))
  }

  remove(pid: number): void {
    const holder = this.#byPid.get(pid)
    if (!holder) return
    this.#byPid.delete(pid)
    const others = this.#bySession.get(holder.sessionId)
    others?.delete(pid)
    if (others?.size === 0) this.#bySession.delete(holder.sessionId)
  }
}
