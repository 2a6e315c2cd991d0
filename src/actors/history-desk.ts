/** Reads what was left out of long transcripts, and transcripts that nobody has asked for: one at a time, while others work. */
import { Garbage } from '../lib/garbage.ts'
import { GARBAGE_BYTES_MAX, HISTORY_PAUSE_MS } from '../lib/limits.ts'
import type { TranscriptGap } from '../session/effects.ts'
import { readKnownRows } from '../store/messages.ts'
import { readTranscriptGaps, type StoredGap } from '../store/transcript-gaps.ts'
import { readUnreadSessions, type UnreadSession } from '../store/transcripts.ts'
import { type PastEvent, type PastSlice, readLeftOut } from '../transcripts/gap-reader.ts'
import { isTranscript } from '../transcripts/transcript-file.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'
import { hostOf } from './shard.ts'
import type { TranscriptDesk } from './transcript-desk.ts'

interface HistoryDeskParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly transcripts: TranscriptDesk
  readonly options: HostOptions
  readonly clock: () => number
  /** The rows before the place `sequence` are there now. */
  completed(actor: Actor, sequence: number): void
}

export class HistoryDesk {
  readonly #parts: HistoryDeskParts
  readonly #gaps: StoredGap[] = []
  readonly #unread: UnreadSession[] = []
  readonly #garbage = new Garbage(GARBAGE_BYTES_MAX)
  #working = false
  #closed = false

  constructor(parts: HistoryDeskParts) {
    this.#parts = parts
  }

  /** Begins with what an earlier process has not read. The database is open. */
  watch(): void {
    const { actors, options } = this.#parts
    const { index, hosts } = options.shard
    const isOwn = ({ sessionId }: UnreadSession) => hostOf(sessionId, hosts) === index
    this.#gaps.push(...readTranscriptGaps(actors.reader).filter(isOwn))
    this.#unread.push(...readUnreadSessions(actors.reader).filter(isOwn).reverse())
    void this.#work()
  }

  /** Something was left out of the transcript of a session. */
  add(gap: StoredGap): void {
    this.#gaps.push(gap)
    void this.#work()
  }

  close(): void {
    this.#closed = true
  }

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    while (!this.#closed) {
      const gap = this.#gaps.shift()
      const unread = gap ? undefined : this.#unread.pop()
      if (!gap && !unread) break
      try {
        if (gap) await this.#fill(gap)
        if (unread) await this.#read(unread)
      } catch (error) {
        this.#report((gap ?? unread)?.sessionId ?? '', error)
      }
    }
    this.#working = false
  }

  async #fill(gap: StoredGap): Promise<void> {
    const { actors, outlet, clock, completed } = this.#parts
    let rest: TranscriptGap = gap
    for await (const slice of readLeftOut(gap.path, gap.sessionId, gap)) {
      const actor = this.#closed ? undefined : actors.find(gap.sessionId, clock())
      if (!actor) return
      this.#garbage.note(slice.offset - rest.offset)
      rest = this.#take(actor, gap, slice)
      await this.#pause()
    }
    const actor = this.#closed ? undefined : actors.find(gap.sessionId, clock())
    if (!actor) return
    if (rest.offset >= rest.end) return completed(actor, gap.sequence + gap.end - gap.offset)
    // The file has gone, or another one has taken its place: the rest of it will not come back.
    actor.store({ table: 'transcript_gaps', put: { ...rest, offset: rest.end } })
    outlet.log('warn', 'transcript.rest.gone', { session_id: gap.sessionId, bytes: rest.end - rest.offset })
    outlet.touch(actor)
    outlet.finish()
  }

  /** The rows of a slice and what is left after it leave together, so that they are committed together. */
  #take(actor: Actor, { path, identity, end, ...gap }: StoredGap, { events, from, offset }: PastSlice): TranscriptGap {
    const { outlet, clock } = this.#parts
    const placeOf = (byte: number) => gap.sequence + byte - gap.offset
    for (const [index, told] of this.#news(events).entries()) {
      const event = { type: 'past_told', sequence: placeOf(from) + index, told } as const
      actor.apply({ from: 'agent', event }, clock(), 0, outlet)
    }
    const rest = { path, identity, end, offset, sequence: placeOf(offset) }
    actor.store({ table: 'transcript_gaps', put: rest })
    outlet.touch(actor)
    return rest
  }

  /** What is stored already keeps its place: the file may repeat another one. */
  #news(events: readonly PastEvent[]): readonly PastEvent[] {
    const ids = events.flatMap((event) => (event.type === 'message_reported' ? event.message.id : []))
    const known = readKnownRows(this.#parts.actors.reader, ids)
    return events.filter((event) => event.type !== 'message_reported' || !known.has(event.message.id))
  }

  /** A session that is listed, and of whose conversation nothing is stored: its agent will delete the file some day. */
  async #read({ sessionId, path }: UnreadSession): Promise<void> {
    const { actors, transcripts, clock } = this.#parts
    if (!isTranscript(path)) return
    const actor = actors.find(sessionId, clock())
    if (!actor) return
    await transcripts.readNow(actor)
    await this.#pause()
  }

  /** No more is read than can be stored, and others come first. */
  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => this.#parts.outlet.whenStored(resolve))
    await Bun.sleep(HISTORY_PAUSE_MS)
  }

  #report(session_id: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : 'unknown'
    this.#parts.outlet.log('warn', 'transcript.rest.failed', { session_id, reason })
    this.#parts.outlet.finish()
  }
}
