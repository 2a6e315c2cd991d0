/** Keeps branch, worktree and state of the repositories that one host's sessions work in true. */
import { Worktrees } from '../git/worktrees.ts'
import type { SeenRepository } from '../session/events.ts'
import { UNKNOWN_PATH } from '../session/new-session.ts'
import type { SessionState } from '../session/state.ts'
import { activePlaces, placeOf, type SessionPlace } from '../store/session-places.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'
import { hostOf } from './shard.ts'

/** Sessions whose repositories are looked at when the server starts. */
const PLACES_MAX = 256
/** Milliseconds within which they have been at work. */
const LATELY_MS = 24 * 60 * 60_000

interface GitDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly options: HostOptions
  readonly clock: () => number
  /** Whether the session runs on another host: its paths mean nothing here. */
  isElsewhere(sessionId: string): boolean
}

/** As much of a session as tells whether its agent has changed files since. */
type Seen = Pick<SessionState, 'tools' | 'previousTools' | 'currentTurnId'>

/** Tools that write files; what the tools of an MCP server do, nobody knows. */
const WRITING_TOOLS = new Set(['Bash', 'PowerShell', 'Edit', 'MultiEdit', 'Write', 'NotebookEdit'])
const MCP_TOOL = /^mcp__/

export class GitDesk {
  readonly #parts: GitDeskParts
  readonly #worktrees: Worktrees
  readonly #seen = new WeakMap<Actor, Seen>()

  constructor(parts: GitDeskParts) {
    this.#parts = parts
    this.#worktrees = new Worktrees({
      told: (sessionId, repository) => this.#tell(sessionId, repository),
      noted: (event, fields) => {
        parts.outlet.log('warn', event, fields)
        parts.outlet.finish()
      },
    })
  }

  /** Something happened in the session. */
  noticed(actor: Actor): void {
    const { id, state } = actor
    if (!state.listed) return
    if (state.phase.name === 'ended') return this.#worktrees.forget(id)
    const { tools, previousTools, currentTurnId } = state
    const before = this.#seen.get(actor)
    this.#seen.set(actor, { tools, previousTools, currentTurnId })
    if (this.#follow(id, state.currentCwd ?? state.projectPath)) return
    if (!before || mayHaveWritten(before, state)) this.#worktrees.touched(id)
  }

  /** Looks for what has happened to the repositories of sessions that were at work lately, while the server was down. */
  watch(): void {
    const { actors, options, clock } = this.#parts
    const { index, hosts } = options.shard
    for (const { id, projectPath, currentCwd, lastActivityAt } of activePlaces(actors.reader, PLACES_MAX)) {
      if (clock() - (lastActivityAt ?? 0) > LATELY_MS || hostOf(id, hosts) !== index) continue
      this.#follow(id, currentCwd ?? projectPath)
    }
  }

  close(): void {
    this.#worktrees.close()
  }

  /** Whether that is new. */
  #follow(id: string, directory: string): boolean {
    return directory !== UNKNOWN_PATH && !this.#parts.isElsewhere(id) && this.#worktrees.follow(id, directory)
  }

  #tell(sessionId: string, repository: SeenRepository | null): void {
    const { actors, outlet, clock } = this.#parts
    if (!actors.peek(sessionId) && isKnown(placeOf(actors.reader, sessionId), repository)) return
    const actor = actors.find(sessionId, clock())
    if (!actor) return
    const { usedAt } = actor
    actor.apply({ from: 'agent', event: { type: 'repository_seen', repository } }, clock(), 0, outlet)
    // What happens to a repository does not keep its session in memory.
    actor.usedAt = usedAt
    outlet.touch(actor)
    outlet.finish()
  }
}

/** Whether the session need not be loaded to hear of it. */
function isKnown(place: SessionPlace | undefined, repository: SeenRepository | null): boolean {
  if (!place) return true
  if (!repository) return place.gitBranch === null && place.repositoryRoot === null
  const { branch, sha, repositoryRoot, worktreePath, dirty = place.gitDirty } = repository
  return (
    place.gitBranch === branch &&
    place.gitSha === sha &&
    place.repositoryRoot === repositoryRoot &&
    place.worktreePath === worktreePath &&
    place.gitDirty === dirty
  )
}

/** Whether a turn began or ended, or a tool that writes came to its end. */
function mayHaveWritten(before: Seen, { tools, previousTools, currentTurnId }: SessionState): boolean {
  if (before.currentTurnId !== currentTurnId) return true
  if (before.tools === tools && before.previousTools === previousTools) return false
  return (
    finishedWrites(tools) + finishedWrites(previousTools) !==
    finishedWrites(before.tools) + finishedWrites(before.previousTools)
  )
}

function finishedWrites(tools: SessionState['tools']): number {
  return tools.filter(({ finished, name }) => finished && (WRITING_TOOLS.has(name) || MCP_TOOL.test(name))).length
}
