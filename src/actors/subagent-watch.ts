/** Follows what the subagents of a session do that no hooks tell of, from the files that they write. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SUBAGENT_FRESH_MS, SUBAGENT_LOOK_GAP_MS } from '../lib/limits.ts'
import type { SessionEvent } from '../session/events.ts'
import type { SessionState } from '../session/state.ts'
import { allowedPath } from '../transcripts/allowed-path.ts'
import { agentIdOfFile, subagentsDirectory } from '../transcripts/subagent-files.ts'
import { SubagentReader } from '../transcripts/subagent-reader.ts'
import type { Actor } from './actor.ts'
import type { SubagentDeskParts } from './subagent-desk.ts'

interface Followed {
  /** Files that nobody has written to since, in Unix ms, are of the past. */
  readonly since: number
  /** By file. */
  readonly files: Map<string, { readonly reader: SubagentReader; writtenAt: number }>
  /** Set while another look is to come. */
  timer: ReturnType<typeof setTimeout> | undefined
  isLooking: boolean
}

export class SubagentWatch {
  readonly #parts: SubagentDeskParts
  readonly #followed = new Map<Actor, Followed>()

  constructor(parts: SubagentDeskParts) {
    this.#parts = parts
  }

  /**
   * Something happened in the session: its subagents are followed as long as it is at work. They are looked for once in any
   * case, since those in the background may be all that is at work.
   */
  noticed(actor: Actor): void {
    const { observed, phase } = actor.state
    const known = this.#followed.get(actor)
    if (observed === null || phase.name === 'ended') return this.#forget(actor, known)
    if (known && (known.isLooking || known.timer || !isAtWork(actor.state))) return
    const since = this.#parts.clock() - SUBAGENT_FRESH_MS
    const followed = known ?? { since, files: new Map(), timer: undefined, isLooking: false }
    this.#followed.set(actor, followed)
    void this.#look(actor, followed)
  }

  close(): void {
    for (const [actor, followed] of this.#followed) this.#forget(actor, followed)
  }

  #forget(actor: Actor, followed: Followed | undefined): void {
    clearTimeout(followed?.timer)
    this.#followed.delete(actor)
  }

  async #look(actor: Actor, followed: Followed): Promise<void> {
    const { outlet, actors } = this.#parts
    followed.timer = undefined
    followed.isLooking = true
    try {
      for (const name of await filesOf(actor.state)) await this.#lookAt(actor, followed, name)
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown'
      outlet.log('warn', 'subagent.read.failed', { session_id: actor.id, reason })
      outlet.finish()
    }
    followed.isLooking = false
    if (this.#followed.get(actor) !== followed) return
    if (!actors.has(actor)) return this.#forget(actor, followed)
    if (!isAtWork(actor.state)) return
    followed.timer = setTimeout(() => void this.#look(actor, followed), SUBAGENT_LOOK_GAP_MS)
  }

  async #lookAt(actor: Actor, followed: Followed, name: string): Promise<void> {
    const { transcriptPath, subagents } = actor.state
    const agentId = agentIdOfFile(name)
    if (agentId === null || transcriptPath === null) return
    const path = join(subagentsDirectory(transcriptPath), name)
    const { mtimeMs } = await stat(path)
    const known = followed.files.get(name)
    if (mtimeMs <= (known?.writtenAt ?? followed.since)) return
    const allowed = await allowedPath(path, this.#parts.transcripts.rootsOf(actor))
    if (allowed === null) return
    const file = known ?? { reader: new SubagentReader(agentId, allowed), writtenAt: 0 }
    followed.files.set(name, file)
    file.writtenAt = mtimeMs
    const events = await file.reader.read()
    // After a restart its calls so far are counted already.
    const isCounted = !known && subagents.some(({ id, toolCount }) => id === agentId && toolCount > 0)
    this.#apply(actor, followed, isCounted ? events.filter(({ type }) => type === 'subagent_started') : events)
  }

  #apply(actor: Actor, followed: Followed, events: readonly SessionEvent[]): void {
    const { outlet, clock } = this.#parts
    if (events.length === 0 || this.#followed.get(actor) !== followed) return
    for (const event of events) actor.apply({ from: 'agent', event }, clock(), 0, outlet)
    outlet.touch(actor)
    outlet.finish()
  }
}

function isAtWork({ phase, subagents }: SessionState): boolean {
  return phase.name === 'working' || subagents.some(({ endedAt }) => endedAt === null)
}

/** None as long as the session has started no subagent. */
async function filesOf({ transcriptPath }: SessionState): Promise<readonly string[]> {
  if (transcriptPath === null) return []
  return readdir(subagentsDirectory(transcriptPath)).catch(() => [])
}
