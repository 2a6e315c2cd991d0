/** One worktree, however many sessions work in it: what is checked out, and whether it has changes. */
import { stat } from 'node:fs/promises'
import { type DirectoryWatch, watchDirectory } from '../lib/watch-directory.ts'
import type { SeenRepository } from '../session/events.ts'
import { type Head, readHead } from './head.ts'
import { HEAD_GAP_MS, STATUS_GAP_MS, STATUS_GAP_MS_MAX, STATUS_REST_FACTOR } from './limits.ts'
import type { Repository } from './repository.ts'
import type { Status } from './status.ts'
import { Steady } from './steady.ts'

export interface WorktreeParts {
  readonly repository: Repository
  /** Whether one more directory may be watched. */
  mayWatch(): boolean
  status(repository: Repository): Promise<Status | null>
  /** Something is other than it was told last. */
  changed(facts: SeenRepository): void
  /** It is not there any more. */
  gone(): void
}

/** Files of a git directory that are written when something else is checked out, staged or committed. */
const TELLING = new Set(['HEAD', 'ORIG_HEAD', 'index'])
const NO_HEAD: Head = { branch: null, sha: null }

export class Worktree {
  readonly #parts: WorktreeParts
  readonly #heads = new Steady(() => this.#readHead())
  readonly #statuses = new Steady(() => this.#readStatus())
  #head: Head | undefined
  #dirty: boolean | null | undefined
  #told = ''
  /** Misses in a row. */
  #troubles = 0
  #watch: DirectoryWatch | undefined
  /** Of the directory that is watched. */
  #identity = ''
  #closed = false

  constructor(parts: WorktreeParts) {
    this.#parts = parts
  }

  get isWatched(): boolean {
    return this.#watch !== undefined
  }

  /** Undefined until it was looked at. */
  get facts(): SeenRepository | undefined {
    const { root, mainRoot, gitDirectory, commonDirectory } = this.#parts.repository
    if (!this.#head) return undefined
    return {
      ...this.#head,
      repositoryRoot: mainRoot,
      worktreePath: gitDirectory === commonDirectory ? null : root,
      ...(this.#dirty === undefined ? {} : { dirty: this.#dirty }),
    }
  }

  /** Something may have happened to what is checked out, or to the files. */
  look(): void {
    this.#heads.ask()
    this.#statuses.ask()
  }

  close(): void {
    this.#closed = true
    this.#watch?.close()
    this.#heads.close()
    this.#statuses.close()
  }

  async #readHead(): Promise<number> {
    try {
      await this.#rewatch()
      const head = await readHead(this.#parts.repository)
      // Where only git can tell, its last word counts.
      this.#tell({ head: head ?? this.#head ?? NO_HEAD })
    } catch {
      if (!this.#closed) this.#parts.gone()
    }
    return HEAD_GAP_MS
  }

  async #readStatus(): Promise<number> {
    // So that the branch is told first, and does not wait for the files.
    await this.#heads.settled()
    const startedAt = performance.now()
    const status = await this.#parts.status(this.#parts.repository)
    const tookMs = performance.now() - startedAt
    this.#troubles = status?.trouble ? this.#troubles + 1 : 0
    if (status) this.#tell({ dirty: status.dirty, ...(status.head && { head: status.head }) })
    const restMs = Math.max(STATUS_GAP_MS, tookMs * STATUS_REST_FACTOR) * 2 ** this.#troubles
    return Math.min(restMs, STATUS_GAP_MS_MAX)
  }

  #tell({ head, dirty }: { readonly head?: Head; readonly dirty?: boolean | null }): void {
    if (this.#closed) return
    if (head) this.#head = head
    if (dirty !== undefined) this.#dirty = dirty
    const { facts } = this
    const text = JSON.stringify(facts)
    if (!facts || text === this.#told) return
    this.#told = text
    this.#parts.changed(facts)
  }

  /** The watcher belongs to a directory, not to its path. Rejects when there is none. */
  async #rewatch(): Promise<void> {
    const { gitDirectory } = this.#parts.repository
    const { ino, birthtimeMs } = await stat(gitDirectory)
    const identity = `${ino}.${birthtimeMs}`
    if (this.#closed || identity === this.#identity) return
    this.#watch?.close()
    this.#watch = undefined
    if (!this.#parts.mayWatch()) return
    this.#identity = identity
    this.#watch = watchDirectory(gitDirectory, (name) => {
      if (name === null || TELLING.has(name)) this.look()
    })
  }
}
