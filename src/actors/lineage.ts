/** From which session a new one was made: hooks do not tell it. */
import type { Hook } from '../hooks/hook.ts'
import { textAt } from '../lib/json.ts'
import { localProcesses } from '../liveness/local-processes.ts'
import { forkedSession } from '../liveness/parent-session.ts'
import type { RegistryRecord } from '../liveness/registry-record.ts'
import type { SessionState } from '../session/state.ts'

export class Lineage {
  /** The session before the present one, by process. */
  readonly #before = new Map<number, string>()

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
   * what the process says of itself.
   */
  parentOf(hook: Hook, pid: number, record: RegistryRecord | null, state: SessionState): string | null {
    const source = hook.event === 'SessionStart' ? textAt(hook.body, 'source') : null
    if (source === 'clear') return this.#previous(pid, record, hook.sessionId)
    // A fork of 2.1.197 has no start of its own.
    const mayBeFork = source === 'fork' || (hook.event !== 'SessionStart' && state.source === null)
    if (!mayBeFork) return null
    const told = forkedSession(localProcesses.arguments(pid))
    const parent = told ?? (source === 'fork' ? this.#previous(pid, record, hook.sessionId) : null)
    return parent === hook.sessionId ? null : parent
  }

  /** Records may be late, and still name the session before. */
  #previous(pid: number, record: RegistryRecord | null, sessionId: string): string | null {
    if (record && record.sessionId !== sessionId) return record.sessionId
    return this.#before.get(pid) ?? null
  }
}
