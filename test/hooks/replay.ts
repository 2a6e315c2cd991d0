/** Plays recorded hooks and transcripts through the rules of sessions, as an actor would. */
import { parseHook } from '../../src/hooks/parse-hook.ts'
import { hookEvents } from '../../src/hooks/translate.ts'
import type { Effect } from '../../src/session/effects.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { newSession } from '../../src/session/new-session.ts'
import type { ConversationMessage, SessionState } from '../../src/session/state.ts'
import { transition } from '../../src/session/transition.ts'
import { workStatus } from '../../src/session/view.ts'
import { EntryReader } from '../../src/transcripts/entry-reader.ts'
import { LineSplitter } from '../../src/transcripts/line-splitter.ts'

/** Milliseconds between two events of which nobody says when they came. */
const STEP_MS = 100
/** Earlier than anything in the recordings, whose times are those of their transcripts. */
const BEGIN = Date.parse('2026-11-20T00:00:00Z')

export class Replay {
  readonly sessions = new Map<string, SessionState>()
  /** Rows by session, by id. */
  readonly rows = new Map<string, Map<string, ConversationMessage>>()
  readonly effects: Effect[] = []
  /** What a session was seen doing, one word for each change. */
  readonly trails = new Map<string, string[]>()
  #now = BEGIN
  #eventIds = new Set<string>()

  /** Posts the body of a hook; every hook that asks waits for its answer. `atMs`: since the beginning, where that is known. */
  post(body: string, atMs?: number): void {
    const parsed = parseHook(body)
    if (!parsed.ok) throw new Error(parsed.reason)
    const { hook, eventId } = parsed
    if (eventId !== null && this.#eventIds.has(eventId)) return
    if (eventId !== null) this.#eventIds.add(eventId)
    const waiting = hook.event === 'PermissionRequest'
    const events = hookEvents(hook, { eventId, waiting, repeated: false })
    for (const event of events) this.apply(hook.sessionId, event, atMs)
  }

  /** Reads a transcript that somebody watched. */
  read(sessionId: string, bytes: Uint8Array): void {
    const reader = new EntryReader({ sessionId, liveFrom: 0 })
    const model = this.sessions.get(sessionId)?.model ?? null
    const { events } = reader.read(new LineSplitter(0, bytes.length).push(bytes), model, true)
    for (const event of events) this.apply(sessionId, event)
  }

  apply(sessionId: string, event: SessionEvent, atMs?: number): void {
    this.#now = atMs === undefined ? this.#now + STEP_MS : BEGIN + atMs
    const before = this.sessions.get(sessionId) ?? newSession(sessionId, 'claude', this.#now)
    const [after, effects] = transition(before, { from: 'agent', event }, this.#now)
    this.sessions.set(sessionId, after)
    this.effects.push(...effects)
    for (const effect of effects) if (effect.to === 'store') this.#keep(sessionId, effect)
    if (after.listed) this.#note(sessionId, workStatus(after))
  }

  /** The rows of a session, oldest first. */
  conversation(sessionId: string): readonly ConversationMessage[] {
    return [...(this.rows.get(sessionId)?.values() ?? [])]
  }

  #keep(sessionId: string, { row }: Extract<Effect, { to: 'store' }>): void {
    if (row.table !== 'messages') return
    const rows = this.rows.get(sessionId) ?? new Map<string, ConversationMessage>()
    this.rows.set(sessionId, rows)
    if ('put' in row) {
      if (rows.has(row.put.id)) throw new Error(`The row ${row.put.id} was added twice.`)
      rows.set(row.put.id, row.put)
      return
    }
    const known = rows.get(row.patch.id)
    if (!known) throw new Error(`The row ${row.patch.id} was changed before it was there.`)
    rows.set(row.patch.id, { ...known, ...row.patch })
  }

  #note(sessionId: string, status: string): void {
    const trail = this.trails.get(sessionId) ?? []
    if (trail.at(-1) !== status) this.trails.set(sessionId, [...trail, status])
  }
}
