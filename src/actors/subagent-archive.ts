/** Keeps what is shown of subagents, because their agent deletes the files after a while. */
import { SUBAGENT_ARCHIVE_MS } from '../lib/limits.ts'
import type { ShownSubagent } from '../session/effects.ts'
import { archivedSubagents, readShownSubagent } from '../store/subagent-archive.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOutlet } from './host-outlet.ts'

interface SubagentArchiveParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  /** Reads everything of a subagent that is over, and puts it here. */
  readonly read: (actor: Actor, subagentId: string) => Promise<void>
}

export class SubagentArchive {
  readonly #parts: SubagentArchiveParts
  /** Subagents that are over and kept, or about to be. */
  readonly #kept = new WeakMap<Actor, Set<string>>()
  /** What was kept last, by type of frame and subagent: most questions change nothing. */
  readonly #frames = new WeakMap<Actor, Map<string, string>>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()

  constructor(parts: SubagentArchiveParts) {
    this.#parts = parts
  }

  /** Something happened in the session: what its subagents leave is kept soon after their end, once all of it is written. */
  noticed(actor: Actor): void {
    const { subagents } = actor.state
    if (subagents.length === 0) return
    const kept = this.#keptOf(actor)
    for (const { id, endedAt } of subagents) {
      if (endedAt === null) kept.delete(id)
      else if (!kept.has(id)) this.#later(actor, id, kept)
    }
  }

  put(actor: Actor, subagentId: string, shown: Pick<ShownSubagent, 'frameType' | 'frame'>): void {
    const isComplete = actor.state.subagents.some(({ id, endedAt }) => id === subagentId && endedAt !== null)
    const digest = `${isComplete} ${Bun.hash(shown.frame)}`
    const frames = this.#frames.get(actor) ?? new Map<string, string>()
    const key = `${shown.frameType} ${subagentId}`
    if (frames.get(key) === digest) return
    this.#frames.set(actor, frames.set(key, digest))
    actor.store({ table: 'subagent_archive', put: { ...shown, subagentId, isComplete } })
    this.#parts.outlet.touch(actor)
  }

  /** The frame that was shown last; null where there was none. */
  get(sessionId: string, subagentId: string, frameType: ShownSubagent['frameType']): string | null {
    return readShownSubagent(this.#parts.actors.reader, sessionId, { subagentId, frameType })
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #keptOf(actor: Actor): Set<string> {
    const known = this.#kept.get(actor)
    if (known) return known
    const kept = new Set(archivedSubagents(this.#parts.actors.reader, actor.id))
    this.#kept.set(actor, kept)
    return kept
  }

  #later(actor: Actor, subagentId: string, kept: Set<string>): void {
    kept.add(subagentId)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (this.#parts.actors.has(actor)) void this.#parts.read(actor, subagentId)
    }, SUBAGENT_ARCHIVE_MS)
    this.#timers.add(timer)
  }
}
