/** Looks up what the hooks do not tell about a session's directory: its git branch. */

import { gitBranch } from '../lib/git-head.ts'
import { ENVIRONMENT_LOOK_GAP_MS } from '../lib/limits.ts'
import type { Actor } from './actor.ts'
import type { HostOutlet } from './host-outlet.ts'

interface Look {
  readonly directory: string
  readonly at: number
}

export class EnvironmentDesk {
  readonly #outlet: HostOutlet
  readonly #clock: () => number
  readonly #looks = new WeakMap<Actor, Look>()

  constructor(outlet: HostOutlet, clock: () => number) {
    this.#outlet = outlet
    this.#clock = clock
  }

  /** Something happened in the session; looks when the directory is another one, or when the last look is old. */
  poke(actor: Actor): void {
    const { state } = actor
    const directory = state.currentCwd ?? state.projectPath
    const last = this.#looks.get(actor)
    const now = this.#clock()
    if (!state.listed || (last?.directory === directory && now - last.at < ENVIRONMENT_LOOK_GAP_MS)) return
    this.#looks.set(actor, { directory, at: now })
    void gitBranch(directory).then((branch) => this.#found(actor, branch))
  }

  #found(actor: Actor, branch: string | null): void {
    if (branch === null || branch === actor.state.gitBranch || actor.state.phase.name === 'ended') return
    const event = { type: 'environment_reported', gitBranch: branch } as const
    actor.apply({ from: 'agent', event }, this.#clock(), 0, this.#outlet)
    this.#outlet.touch(actor)
    this.#outlet.finish()
  }
}
