/** The actors of one host: found in memory, loaded from the database, made new, and let go when idle. */
import type { Database } from 'bun:sqlite'
import { ACTOR_IDLE_MS, EVENT_IDS_MAX } from '../lib/limits.ts'
import type { SessionEvent } from '../session/events.ts'
import { newSession } from '../session/new-session.ts'
import { restoreSession } from '../session/restore.ts'
import { transition } from '../session/transition.ts'
import { hasEvent, recentEventIds } from '../store/hook-events.ts'
import { openReader } from '../store/open-reader.ts'
import { readPendingStart } from '../store/pending-starts.ts'
import { readSession } from '../store/sessions.ts'
import { Actor } from './actor.ts'
import { ImageFiles } from './image-files.ts'

export class ActorStore {
  readonly #actors = new Map<string, Actor>()
  readonly #databasePath: string
  readonly #images: ImageFiles
  #reader: Database | undefined

  /** `imagesPath`: the directory for pictures of conversations. */
  constructor(databasePath: string, imagesPath: string) {
    this.#databasePath = databasePath
    this.#images = new ImageFiles(imagesPath)
  }

  /** Opened at first use: the store worker makes the file. */
  get reader(): Database {
    this.#reader ??= openReader(this.#databasePath)
    return this.#reader
  }

  /** The actor of a session that is in memory. */
  peek(sessionId: string): Actor | undefined {
    return this.#actors.get(sessionId)
  }

  /** The actor of a session that is in memory or stored. */
  find(sessionId: string, now: number): Actor | undefined {
    const actor = this.#actors.get(sessionId) ?? this.#load(sessionId, now)
    if (actor) this.#actors.set(sessionId, actor)
    return actor
  }

  /** The actor of a session, made new when nobody has heard of it: unlisted until it shows life. */
  findOrCreate(sessionId: string, now: number): Actor {
    const found = this.find(sessionId, now)
    if (found) return found
    const actor = new Actor({
      state: newSession(sessionId, 'claude', now),
      revisionCeiling: 0,
      eventIds: [],
      now,
      images: this.#images,
    })
    this.#actors.set(sessionId, actor)
    return actor
  }

  /** Whether an event was applied that is too old to be remembered by its actor. */
  hasEvent(actor: Actor, eventId: string): boolean {
    return hasEvent(this.reader, actor.id, eventId)
  }

  /** Those that nobody has dealt with for `ACTOR_IDLE_MS`, and in which no command runs. */
  idle(now: number): readonly Actor[] {
    return [...this.#actors.values()].filter(
      ({ usedAt, state }) => now - usedAt > ACTOR_IDLE_MS && state.shells.length === 0,
    )
  }

  has(actor: Actor): boolean {
    return this.#actors.get(actor.id) === actor
  }

  remove(actor: Actor): void {
    this.#actors.delete(actor.id)
  }

  close(): void {
    this.#actors.clear()
    this.#reader?.close(true)
    this.#reader = undefined
  }

  #load(sessionId: string, now: number): Actor | undefined {
    const found = readSession(this.reader, sessionId)
    const eventIds = recentEventIds(this.reader, sessionId, EVENT_IDS_MAX)
    if (found) {
      // Nobody holds the line of a prompt that was loaded: it can be answered again once its hook has asked again.
      const approvals = found.approvals.map((approval) => ({ ...approval, answerable: false }))
      const state = restoreSession(sessionId, found.stored, { ...found, approvals, now })
      return new Actor({ state, revisionCeiling: found.stored.revisionCeiling, eventIds, now, images: this.#images })
    }
    const start = readPendingStart(this.reader, sessionId)
    if (start === undefined) return undefined
    const event: SessionEvent = { ...JSON.parse(start), type: 'session_described', quiet: true }
    const [state] = transition(newSession(sessionId, 'claude', now), { from: 'agent', event }, now)
    return new Actor({ state, revisionCeiling: 0, eventIds, now, images: this.#images })
  }
}
