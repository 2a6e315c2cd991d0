/** Which host has which session. */

/** A host's place among all of them. */
export interface Shard {
  readonly index: number
  readonly hosts: number
}

/** The index of the host of a session. */
export function hostOf(sessionId: string, hosts: number): number {
  return Number(Bun.hash(sessionId) % BigInt(hosts))
}
