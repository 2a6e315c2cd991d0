/** Follows the repositories that sessions work in: tells what has become of them, and looks only when something may have. */
import { BoundedSet } from '../lib/bounded-set.ts'
import type { LogFields } from '../lib/log.ts'
import type { SeenRepository } from '../session/events.ts'
import {
  FOLLOWERS_MAX,
  GIT_PROCESSES_MAX,
  REPORTED_WORKTREES_MAX,
  SEARCH_GAP_MS,
  STATUS_DEADLINE_MS,
  WATCHED_GIT_DIRECTORIES_MAX,
} from './limits.ts'
import { findRepository, type Repository } from './repository.ts'
import { Slots } from './slots.ts'
import { readStatus, type Status } from './status.ts'
import { Steady } from './steady.ts'
import { Worktree } from './worktree.ts'

export interface WorktreesParts {
  /** What is known of the repository that a follower works in; null when it works in none. */
  told(follower: string, facts: SeenRepository | null): void
  /** What somebody who looks into the log should know. */
  noted(event: string, fields: LogFields): void
}

interface Follower {
  readonly id: string
  readonly directory: string
  readonly search: Steady
  /** Undefined until it was looked for, null where there is none. */
  worktree: Shared | null | undefined
}

interface Shared {
  readonly key: string
  readonly worktree: Worktree
  readonly followers: Set<Follower>
}

export class Worktrees {
  readonly #parts: WorktreesParts
  readonly #followers = new Map<string, Follower>()
  readonly #shared = new Map<string, Shared>()
  readonly #slots = new Slots(GIT_PROCESSES_MAX)
  readonly #closing = new AbortController()
  readonly #reported = new BoundedSet(REPORTED_WORKTREES_MAX)

  constructor(parts: WorktreesParts) {
    this.#parts = parts
  }

  /** The follower works in this directory from now on. False when it did already. */
  follow(id: string, directory: string): boolean {
    if (this.#followers.get(id)?.directory === directory) return false
    this.forget(id)
    if (this.#followers.size >= FOLLOWERS_MAX || this.#closing.signal.aborted) return false
    const follower: Follower = { id, directory, worktree: undefined, search: new Steady(() => this.#search(follower)) }
    this.#followers.set(id, follower)
    follower.search.ask()
    return true
  }

  /** Files in the follower's directory may have changed. */
  touched(id: string): void {
    const follower = this.#followers.get(id)
    if (follower?.worktree) follower.worktree.worktree.look()
    else follower?.search.ask()
  }

  forget(id: string): void {
    const follower = this.#followers.get(id)
    if (!follower) return
    this.#followers.delete(id)
    follower.search.close()
    this.#leave(follower)
  }

  close(): void {
    this.#closing.abort()
    for (const id of [...this.#followers.keys()]) this.forget(id)
  }

  async #search(follower: Follower): Promise<number> {
    try {
      const repository = await findRepository(follower.directory)
      if (this.#followers.get(follower.id) === follower) this.#found(follower, repository)
    } catch {
      // The directory cannot be reached: what was known of it stays.
    }
    return SEARCH_GAP_MS
  }

  #found(follower: Follower, repository: Repository | null): void {
    if (repository === null) {
      this.#leave(follower)
      follower.worktree = null
      return this.#parts.told(follower.id, null)
    }
    const shared = this.#share(repository)
    if (follower.worktree === shared) return
    this.#leave(follower)
    shared.followers.add(follower)
    follower.worktree = shared
    const { facts } = shared.worktree
    if (facts) this.#parts.told(follower.id, facts)
    shared.worktree.look()
  }

  #share(repository: Repository): Shared {
    const key = JSON.stringify(repository)
    const known = this.#shared.get(key)
    if (known) return known
    const followers = new Set<Follower>()
    const worktree = new Worktree({
      repository,
      mayWatch: () => this.#watched < WATCHED_GIT_DIRECTORIES_MAX,
      status: () => this.#slots.use(() => this.#status(repository)),
      changed: (facts) => {
        for (const { id } of followers) this.#parts.told(id, facts)
      },
      gone: () => {
        for (const { search } of followers) search.ask()
      },
    })
    const shared = { key, worktree, followers }
    this.#shared.set(key, shared)
    return shared
  }

  get #watched(): number {
    return [...this.#shared.values()].filter(({ worktree }) => worktree.isWatched).length
  }

  async #status(repository: Repository): Promise<Status | null> {
    const status = await readStatus(repository, {
      signal: this.#closing.signal,
      deadlineMs: STATUS_DEADLINE_MS,
    })
    const place = repository.root ?? repository.gitDirectory
    if (!status?.trouble || this.#reported.has(place)) return status
    this.#reported.add(place)
    this.#parts.noted('git.status.unknown', { directory: place, reason: status.trouble })
    return status
  }

  #leave(follower: Follower): void {
    const shared = follower.worktree
    if (!shared) return
    shared.followers.delete(follower)
    if (shared.followers.size > 0) return
    shared.worktree.close()
    this.#shared.delete(shared.key)
  }
}
