/** Reads the transcripts of one host's sessions: after a hook, and a little later again, because they are written late. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findTranscript } from '../hooks/transcript-path.ts'
import { BoundedSet } from '../lib/bounded-set.ts'
import { Garbage } from '../lib/garbage.ts'
import {
  GARBAGE_BYTES_MAX,
  TRANSCRIPT_APPEARS_MS,
  TRANSCRIPT_FOLLOW_UPS_MS,
  TRANSCRIPT_LOOK_GAP_MS,
  TRANSCRIPT_POLL_MS,
  TRANSCRIPT_READ_GAP_MS,
  TRANSCRIPT_ROWS_DUE_MS,
  TRANSCRIPT_UNSTORED_BYTES_MAX,
  UNKNOWN_KINDS_MAX,
} from '../lib/limits.ts'
import type { SessionEvent } from '../session/events.ts'
import type { SessionState } from '../session/state.ts'
import { readKnownRows } from '../store/messages.ts'
import type { StoredGap } from '../store/transcript-gaps.ts'
import { hasReadTranscript, readTranscriptCursor } from '../store/transcripts.ts'
import { allowedPath } from '../transcripts/allowed-path.ts'
import { TranscriptReader, type TranscriptSlice } from '../transcripts/transcript-reader.ts'
import { TranscriptWatcher } from '../transcripts/transcript-watcher.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'

interface TranscriptDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly options: HostOptions
  readonly clock: () => number
  /** A part of a transcript has to be read later. */
  leftOut(gap: StoredGap): void
}

type LeftOut = NonNullable<TranscriptSlice['leftOut']>

/** The transcript of one session. */
interface Followed {
  reader: TranscriptReader | undefined
  /** Settles when the read that is under way is over. */
  reading: Promise<void> | undefined
  /** Asked for while a read was under way: it may have missed the latest lines. */
  again: boolean
  /** How many wait for it to be read. */
  awaited: number
  /** Ends the gap between two reads. */
  hurry: () => void
  timer: ReturnType<typeof setTimeout> | undefined
  configDir: string | null
  /** The path that `reader` was opened for, as the session names it. */
  named: string | null
  /** The path that is watched. */
  watched: string | undefined
  /** Whether the file was there once. */
  found: boolean
  /** Whether there is none that may be read. */
  refused: boolean
  /** Why it could not be read the last time; null when it could. */
  failure: string | null
  /** When it was looked for, in Unix ms. */
  lookedAt: number
  /** First hook, in Unix ms. */
  readonly since: number
}

export class TranscriptDesk {
  readonly #parts: TranscriptDeskParts
  readonly #followed = new Map<Actor, Followed>()
  readonly #garbage = new Garbage(GARBAGE_BYTES_MAX)
  readonly #watcher = new TranscriptWatcher()
  readonly #unknownKinds = new BoundedSet(UNKNOWN_KINDS_MAX)
  #closed = false

  constructor(parts: TranscriptDeskParts) {
    this.#parts = parts
  }

  /**
   * Something happened in the session: its transcript is growing. `configDir` is where its Claude keeps everything, as
   * far as its hooks report it; transcripts below it may be read too.
   */
  poke(actor: Actor, configDir: string | null): void {
    if (!isTranscribed(actor.state)) return
    const followed = this.#follow(actor)
    followed.configDir ??= configDir
    if (this.#lookedInVain(actor, followed)) return
    clearTimeout(followed.timer)
    this.#read(actor, followed)
    this.#later(actor, followed, 0)
  }

  /** Whether the transcript, `named` by the hook at hand, will tell of what happens in the session, soon after its hooks. */
  tells(actor: Actor, named: string | null): boolean {
    if (actor.state.transcriptPath === null && named === null) return false
    const followed = this.#followed.get(actor)
    if (!followed || followed.found) return true
    return !followed.refused && this.#parts.clock() - followed.since < TRANSCRIPT_APPEARS_MS
  }

  /** Whether the transcript that a hook names is not there, nor will be. Claude makes it at once; a late hook finds it made. */
  isMissing(actor: Actor, named: string | null, isLate: boolean): boolean {
    const followed = this.#followed.get(actor)
    if (named === null || followed?.found) return false
    if (isLate) return !existsSync(named)
    return followed !== undefined && this.#parts.clock() - followed.since >= TRANSCRIPT_APPEARS_MS
  }

  /** Settles when everything that the transcript holds now is known, or after `patienceMs`. */
  async caughtUp(actor: Actor, patienceMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, patienceMs)
    await Promise.race([this.readNow(actor), late])
    clearTimeout(timer)
  }

  /** Settles when everything that the transcript holds now is known. */
  async readNow(actor: Actor): Promise<void> {
    if (!isTranscribed(actor.state)) return
    const followed = this.#follow(actor)
    followed.awaited++
    followed.hurry()
    this.#read(actor, followed)
    await this.#settled(followed)
    followed.awaited--
  }

  /** Directories below which transcripts of the session may be read. */
  rootsOf(actor: Actor): readonly string[] {
    const { transcriptRoots } = this.#parts.options
    const configDir = this.#followed.get(actor)?.configDir ?? null
    return configDir === null ? transcriptRoots : [...transcriptRoots, join(configDir, 'projects')]
  }

  /** The session leaves memory. */
  forget(actor: Actor): void {
    const followed = this.#followed.get(actor)
    clearTimeout(followed?.timer)
    if (followed?.watched !== undefined) this.#watcher.unwatch(followed.watched)
    this.#followed.delete(actor)
  }

  close(): void {
    this.#closed = true
    this.#watcher.close()
    for (const { timer } of this.#followed.values()) clearTimeout(timer)
    this.#followed.clear()
  }

  /** There was no transcript a moment ago, and nothing has been heard of one since; busy sessions would look all the time. */
  #lookedInVain(actor: Actor, { refused, named, lookedAt }: Followed): boolean {
    if (!refused || named !== actor.state.transcriptPath) return false
    return this.#parts.clock() - lookedAt < TRANSCRIPT_LOOK_GAP_MS
  }

  #follow(actor: Actor): Followed {
    const known = this.#followed.get(actor)
    if (known) return known
    const followed: Followed = {
      reader: undefined,
      reading: undefined,
      again: false,
      awaited: 0,
      hurry: () => {},
      timer: undefined,
      configDir: null,
      named: null,
      watched: undefined,
      found: false,
      refused: false,
      failure: null,
      lookedAt: 0,
      since: this.#parts.clock(),
    }
    this.#followed.set(actor, followed)
    return followed
  }

  /** Looks again after each of the delays, as long as nobody pokes. */
  #later(actor: Actor, followed: Followed, step: number): void {
    const isUnwatched = isWritten(actor.state) && !isReported(followed)
    const delay = TRANSCRIPT_FOLLOW_UPS_MS[step] ?? (isUnwatched ? TRANSCRIPT_POLL_MS : undefined)
    if (delay === undefined) return
    followed.timer = setTimeout(() => {
      this.#read(actor, followed)
      void this.#settled(followed).then(() => this.#placeRows(actor))
      this.#later(actor, followed, step + 1)
    }, delay)
  }

  /** Rows that the transcript has not told of in its time are shown without it. */
  #placeRows(actor: Actor): void {
    if (this.#closed || !isOverdue(actor.state, this.#parts.clock())) return
    this.#apply(actor, [{ type: 'rows_due' }])
    this.#parts.outlet.touch(actor)
    this.#parts.outlet.finish()
  }

  async #settled(followed: Followed): Promise<void> {
    while (followed.reading) await followed.reading
  }

  #read(actor: Actor, followed: Followed): void {
    if (followed.reading) {
      followed.again = true
      return
    }
    followed.again = false
    followed.reading = this.#readAll(actor, followed).finally(() => {
      followed.reading = undefined
      if (followed.again && !this.#closed) this.#read(actor, followed)
    })
  }

  async #readAll(actor: Actor, followed: Followed): Promise<void> {
    const { outlet } = this.#parts
    try {
      // Hooks may name another file later.
      if (followed.named !== actor.state.transcriptPath) followed.reader = undefined
      followed.reader ??= await this.#open(actor)
      followed.named = actor.state.transcriptPath
      followed.refused = followed.reader === undefined
      followed.lookedAt = this.#parts.clock()
      const { reader } = followed
      // Before reading, so that nothing is written unseen in between.
      this.#watch(actor, followed)
      let unstored = 0
      for await (const slice of reader?.read(actor.state.model) ?? []) {
        if (this.#closed || this.#followed.get(actor) !== followed) return
        followed.found = true
        this.#take(actor, reader?.path ?? '', slice)
        this.#garbage.note(slice.bytes)
        unstored += slice.bytes
        if (unstored < TRANSCRIPT_UNSTORED_BYTES_MAX) continue
        await new Promise<void>((resolve) => outlet.whenStored(resolve))
        unstored = 0
      }
      this.#watch(actor, followed)
      // A burst of hooks costs one read, not one each.
      if (followed.again && followed.awaited === 0) await this.#gap(followed)
      followed.failure = null
    } catch (error) {
      followed.reader = undefined
      this.#failed(actor, followed, error instanceof Error ? error.message : 'unknown')
    }
  }

  async #gap(followed: Followed): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, TRANSCRIPT_READ_GAP_MS)
    followed.hurry = resolve
    await promise
    clearTimeout(timer)
  }

  /** Once for each reason, until it can be read again. */
  #failed(actor: Actor, followed: Followed, reason: string): void {
    if (followed.failure === reason) return
    followed.failure = reason
    this.#parts.outlet.log('warn', 'transcript.read.failed', { session_id: actor.id, reason })
    this.#parts.outlet.finish()
  }

  /** The transcript of a session at work is read as it is written: while the model talks, there are no hooks. */
  #watch(actor: Actor, followed: Followed): void {
    const path = isWritten(actor.state) ? followed.reader?.path : undefined
    if (this.#closed || followed.watched === path) return
    if (followed.watched !== undefined) this.#watcher.unwatch(followed.watched)
    const isWatched = path !== undefined && this.#watcher.watch(path, () => this.#read(actor, followed))
    followed.watched = isWatched ? path : undefined
  }

  /** The rows of a slice and the place where it ends leave together, so that they are committed together. */
  #take(actor: Actor, path: string, slice: TranscriptSlice): void {
    const { outlet } = this.#parts
    const { events, cursor, unknownKinds, skippedLines, leftOut, again } = slice
    if (leftOut) this.#leaveOut(actor, path, leftOut)
    this.#apply(actor, again ? this.#news(actor, events) : events)
    actor.store({ table: 'transcripts', put: { path, ...cursor } })
    outlet.touch(actor)
    if (skippedLines > 0) outlet.log('warn', 'transcript.lines.skipped', { session_id: actor.id, count: skippedLines })
    for (const kind of unknownKinds) this.#report(kind)
    outlet.finish()
  }

  /** What comes before the newest part of a long transcript is read later, and has its places before it. */
  #leaveOut(actor: Actor, path: string, { firstPrompt, ...bytes }: LeftOut): void {
    const gap = { path, ...bytes, sequence: actor.state.nextSequence }
    this.#apply(actor, [{ type: 'past_postponed', places: gap.end - gap.offset, firstPrompt }])
    actor.store({ table: 'transcript_gaps', put: gap })
    this.#parts.leftOut({ sessionId: actor.id, ...gap })
  }

  /** Of a file that was read before, under whatever name: rows that are stored stay where they are. */
  #news({ state }: Actor, events: readonly SessionEvent[]): readonly SessionEvent[] {
    const ids = events.flatMap((event) =>
      event.type === 'message_reported' ? event.message.id : event.type === 'message_changed' ? event.id : [],
    )
    const known = readKnownRows(this.#parts.actors.reader, ids)
    const waiting = new Set([...state.previousTools, ...state.tools].flatMap(({ awaitedRow }) => awaitedRow?.id ?? []))
    return events.filter((event) => {
      if (event.type === 'message_reported') return !known.has(event.message.id) || waiting.has(event.message.id)
      return event.type !== 'message_changed' || known.get(event.id) !== true
    })
  }

  /** Once each: what is unknown today may matter tomorrow. */
  #report(kind: string): void {
    if (this.#unknownKinds.has(kind)) return
    this.#unknownKinds.add(kind)
    this.#parts.outlet.log('info', 'transcript.kind.unknown', { kind })
  }

  #apply(actor: Actor, events: readonly SessionEvent[]): void {
    const { outlet, clock } = this.#parts
    for (const event of events) actor.apply({ from: 'agent', event }, clock(), 0, outlet)
  }

  /** Undefined while there is no file, or none that may be read. */
  async #open(actor: Actor): Promise<TranscriptReader | undefined> {
    const { actors, outlet, options } = this.#parts
    const { state } = actor
    const named =
      state.transcriptPath ??
      findTranscript(actor.id, state.projectPath, { configDirectory: options.claudeConfigDir, home: '' })
    const path = named === null ? null : await allowedPath(named, this.rootsOf(actor))
    if (path === null) return undefined
    if (state.transcriptPath === null) {
      this.#apply(actor, [{ type: 'session_described', quiet: true, transcriptPath: path }])
      outlet.touch(actor)
    }
    const cursor = readTranscriptCursor(actors.reader, actor.id, path)
    const readBefore = cursor === undefined && hasReadTranscript(actors.reader, actor.id)
    return new TranscriptReader({ sessionId: actor.id, path, cursor, readBefore })
  }
}

/** Whether its transcript tells the conversation: what the server drives itself is told sooner, and under other ids. */
function isTranscribed({ listed, provider, integrationMode }: SessionState): boolean {
  return listed && provider === 'claude' && integrationMode !== 'direct'
}

/** Whether its agent is writing, or may at any time without a hook that says so. */
function isWritten({ phase, observed }: SessionState): boolean {
  return phase.name === 'working' || (phase.name !== 'ended' && observed !== null)
}

/** On a Mac the system keeps silent about what is written to a file that stays open. */
function isReported({ watched }: Followed): boolean {
  return watched !== undefined && process.platform === 'linux'
}

/** Whether something has waited for the transcript for too long. */
function isOverdue(state: SessionState, now: number): boolean {
  const { tools, previousTools, awaitedFailure, awaitedCompaction, lastActivityAt } = state
  const isOld = (at: number | null) => now - (at ?? 0) >= TRANSCRIPT_ROWS_DUE_MS
  if ((awaitedFailure !== null || awaitedCompaction) && isOld(lastActivityAt)) return true
  return [...previousTools, ...tools].some(({ awaitedRow, startedAt }) => awaitedRow !== null && isOld(startedAt))
}
