/** From which session a new one was made: hooks do not tell it. */
import type { Database } from 'bun:sqlite'
import type { Hook } from '../hooks/hook.ts'
import { textAt } from '../lib/json.ts'
import { COPIES_MAX, COPY_LOOK_MS_MAX } from '../lib/limits.ts'
import { localProcesses } from '../liveness/local-processes.ts'
import { forkedSession, isFork } from '../liveness/parent-session.ts'
import type { RegistryRecord } from '../liveness/registry-record.ts'
import type { SessionState } from '../session/state.ts'
import { sessionCopiedBy } from '../store/copied-rows.ts'

export class Lineage {
  /** The session before the present one, by process. */
  readonly #before = new Map<number, string>()
  /** Forks that do not say of what, each with the Unix ms at which it was first heard of. */
  readonly #copies = new Map<string, number>()

  /** A process went from one session to another. */
  moved(pid: number, from: string): void {
    this.#before.set(pid, from)
  }

  /** A process has gone. */
  forget(pid: number): void {
    this.#before.delete(pid)
  }

  /**
   * The parent of the session of which a process was just heard for the first time; null when there is none. `record` is
   * what the process says of itself; `now` is Unix milliseconds.
   */
  parentOf(hook: Hook, pid: number, record: RegistryRecord | null, state: SessionState, now: number): string | null {
    const source = hook.event === 'SessionStart' ? textAt(hook.body, 'source') : null
    if (source === 'clear') return this.#previous(pid, record, hook.sessionId)
    // A fork of 2.1.197 has no start of its own.
    const mayBeFork = source === 'fork' || (hook.event !== 'SessionStart' && state.source === null)
    if (!mayBeFork) return null
    const commandLine = localProcesses.arguments(pid)
    const parent =
      forkedSession(commandLine) ?? (source === 'fork' ? this.#previous(pid, record, hook.sessionId) : null)
    if (parent !== null && parent !== hook.sessionId) return parent
    if (isFork(commandLine) && this.#copies.size < COPIES_MAX) this.#copies.set(hook.sessionId, now)
    return null
  }

  /** Forks whose transcripts show by now of what they are copies, each with that session. `now` is Unix milliseconds. */
  *recognised(reader: Database, now: number): Iterable<readonly [sessionId: string, parent: string]> {
    for (const [sessionId, since] of this.#copies) {
      const parent = sessionCopiedBy(reader, sessionId)
      if (parent !== null || now - since > COPY_LOOK_MS_MAX) this.#copies.delete(sessionId)
      if (parent !== null) yield [sessionId, parent]
    }
  }

  /** Records may be late, and still name the session before. */
  #previous(pid: number, record: RegistryRecord | null, sessionId: string): string | null {
    if (record && record.sessionId !== sessionId) return record.sessionId
    return this.#before.get(pid) ?? null
  }
}
