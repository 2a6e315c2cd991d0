/** Plays recorded hooks and transcripts through the rules of sessions, as an actor would. */
import { parseHook } from '../../src/hooks/parse-hook.ts'
import { hookEvents } from '../../src/hooks/translate.ts'
import type { Effect, StoreRow } from '../../src/session/effects.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { newSession } from '../../src/session/new-session.ts'
import { restoreSession } from '../../src/session/restore.ts'
import type { ConversationMessage, PendingApproval, SessionState } from '../../src/session/state.ts'
import { storedSession } from '../../src/session/stored-session.ts'
import { transition } from '../../src/session/transition.ts'
import { snapshotOf, wireMessage, workStatus } from '../../src/session/view.ts'
import { EntryReader } from '../../src/transcripts/entry-reader.ts'
import { LineSplitter } from '../../src/transcripts/line-splitter.ts'
import { type EndState, endStateOf } from '../recordings/end-state.ts'

/** Milliseconds between two events of which nobody says when they came. */
const STEP_MS = 100
/** Milliseconds that a row waits for the transcript to tell where it belongs. */
const ROWS_DUE_MS = 1_500
/** Earlier than anything in the recordings, whose times are those of their transcripts. */
const BEGIN = Date.parse('2026-11-20T00:00:00Z')
const LINE_BYTES_MAX = 16 * 1024 * 1024

export interface ReplayOptions {
  /** When the first event comes, in Unix milliseconds. */
  readonly beganAt?: number
  /** Whether somebody reads the transcripts. */
  readonly transcribed?: boolean
}

interface Row {
  readonly message: ConversationMessage
  readonly sequence: number
}

interface Asked {
  readonly approval: PendingApproval
  readonly decision: string | null
}

/** A transcript that is read as it grows. */
interface Reading {
  readonly lines: LineSplitter
  readonly entries: EntryReader
}

export class Replay {
  readonly sessions = new Map<string, SessionState>()
  readonly effects: Effect[] = []
  /** What a session was seen doing, one word for each change. */
  readonly trails = new Map<string, string[]>()
  readonly #options: Required<ReplayOptions>
  readonly #rows = new Map<string, Map<string, Row>>()
  readonly #asked = new Map<string, Map<string, Asked>>()
  readonly #readings = new Map<string, Reading>()
  readonly #eventIds = new Set<string>()
  #restarted = false
  #now: number

  constructor({ beganAt = BEGIN, transcribed = false }: ReplayOptions = {}) {
    this.#options = { beganAt, transcribed }
    this.#now = beganAt
  }

  /** Posts the body of a hook; every hook that asks waits for its answer. `atMs`: since the beginning, where that is known. */
  post(body: string, atMs?: number): void {
    const parsed = parseHook(body)
    if (!parsed.ok) throw new Error(parsed.reason)
    const { hook, eventId } = parsed
    const key = `${hook.sessionId} ${eventId}`
    if (eventId !== null && this.#eventIds.has(key)) return
    if (eventId !== null) this.#eventIds.add(key)
    const waiting = hook.event === 'PermissionRequest'
    const { transcribed } = this.#options
    const events = hookEvents(hook, { eventId, waiting, repeated: false, transcribed })
    this.#passTo(atMs)
    for (const event of events) this.#applyNow(hook.sessionId, event)
  }

  /** Reads a transcript that somebody watched. */
  read(sessionId: string, bytes: Uint8Array): void {
    this.#passTo(undefined)
    this.#take(sessionId, newReading(sessionId, 0), bytes)
  }

  /** Begins to follow the transcript of a session; what it holds by now, in bytes, tells of the past. */
  follow(sessionId: string, pastBytes: number): void {
    if (!this.#readings.has(sessionId)) this.#readings.set(sessionId, newReading(sessionId, pastBytes))
  }

  /** Reads on in a transcript that is followed. */
  grow(sessionId: string, bytes: Uint8Array, atMs?: number): void {
    const reading = this.#readings.get(sessionId)
    if (!reading) throw new Error(`The transcript of ${sessionId} is not followed.`)
    this.#passTo(atMs)
    this.#take(sessionId, reading, bytes)
  }

  /** Everything is forgotten but what is stored, as when the server starts anew. */
  restart(): void {
    this.#restarted = true
    for (const [id, state] of this.sessions) {
      if (!state.listed) continue
      const { approvals, answered, subagents, turnDiffs, reviewComments } = state
      const countedRows = this.conversation(id).map((row) => row.id)
      const beside = { approvals, answered, subagents, turnDiffs, reviewComments, countedRows, now: this.#now }
      this.sessions.set(id, restoreSession(id, { ...storedSession(state), revisionCeiling: 0 }, beside))
    }
  }

  /** Lets so much time go by that nothing waits any more. */
  settle(): void {
    this.#passTo(this.#now - this.#options.beganAt + 2 * ROWS_DUE_MS)
  }

  apply(sessionId: string, event: SessionEvent, atMs?: number): void {
    this.#passTo(atMs)
    this.#applyNow(sessionId, event)
  }

  /** The rows of a session, oldest first. */
  conversation(sessionId: string): readonly ConversationMessage[] {
    const rows = [...(this.#rows.get(sessionId)?.values() ?? [])]
    return rows.toSorted((a, b) => a.sequence - b.sequence).map(({ message }) => message)
  }

  /** What clients are left with, one for each session that they know of. */
  endStates(): readonly EndState[] {
    const listed = [...this.sessions.values()].filter((state) => state.listed)
    return listed
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((state) => {
        const rows = this.conversation(state.id).map((row) => wireMessage(state.id, row))
        const asked = [...(this.#asked.get(state.id)?.values() ?? [])].map(({ approval, decision }) => {
          return { approval_type: approval.kind, tool_name: approval.toolName, decision }
        })
        return endStateOf(snapshotOf(state, rows, 0), asked)
      })
  }

  #take(sessionId: string, { lines, entries }: Reading, bytes: Uint8Array): void {
    const model = this.sessions.get(sessionId)?.model ?? null
    for (const event of entries.read(lines.push(bytes), model, true).events) this.#applyNow(sessionId, event)
  }

  /** Time goes by, and what waited for the transcript for too long is shown without it. */
  #passTo(atMs: number | undefined): void {
    const next = atMs === undefined ? this.#now + STEP_MS : this.#options.beganAt + atMs
    if (next - this.#now > ROWS_DUE_MS) {
      this.#now += ROWS_DUE_MS
      for (const id of this.sessions.keys()) this.#applyNow(id, { type: 'rows_due' })
    }
    this.#now = next
  }

  #applyNow(sessionId: string, event: SessionEvent): void {
    const before = this.sessions.get(sessionId) ?? newSession(sessionId, 'claude', this.#now)
    const [after, effects] = transition(before, { from: 'agent', event }, this.#now)
    this.sessions.set(sessionId, after)
    this.effects.push(...effects)
    for (const effect of effects) if (effect.to === 'store') this.#keep(sessionId, effect.row)
    if (after.listed) this.#note(sessionId, workStatus(after))
  }

  #keep(sessionId: string, row: StoreRow): void {
    if (row.table === 'messages') this.#keepMessage(tableOf(this.#rows, sessionId), row)
    if (row.table !== 'approvals' || 'remove' in row) return
    const asked = tableOf(this.#asked, sessionId)
    if ('put' in row) return void asked.set(row.put.requestId, { approval: row.put, decision: null })
    const known = asked.get(row.decide.requestId)
    if (!known) throw new Error(`The request ${row.decide.requestId} was decided before it was there.`)
    asked.set(row.decide.requestId, { ...known, decision: row.decide.decision })
  }

  /** Calls move when they are reported again. What was said is said once, unless who heard it has forgotten: then it stays. */
  #keepMessage(rows: Map<string, Row>, row: Extract<StoreRow, { table: 'messages' }>): void {
    const { sequence } = row
    if ('put' in row) {
      const isSaidAgain = rows.has(row.put.id) && row.put.type !== 'tool'
      if (isSaidAgain && !this.#restarted) throw new Error(`The row ${row.put.id} was added twice.`)
      if (!isSaidAgain) rows.set(row.put.id, { message: row.put, sequence })
      return
    }
    const known = rows.get(row.patch.id)
    if (!known) throw new Error(`The row ${row.patch.id} was changed before it was there.`)
    rows.set(row.patch.id, { ...known, message: { ...known.message, ...row.patch } })
  }

  #note(sessionId: string, status: string): void {
    const trail = this.trails.get(sessionId) ?? []
    if (trail.at(-1) !== status) this.trails.set(sessionId, [...trail, status])
  }
}

function newReading(sessionId: string, liveFrom: number): Reading {
  return { lines: new LineSplitter(0, LINE_BYTES_MAX), entries: new EntryReader({ sessionId, liveFrom }) }
}

function tableOf<Value>(tables: Map<string, Map<string, Value>>, sessionId: string): Map<string, Value> {
  const known = tables.get(sessionId)
  if (known) return known
  const table = new Map<string, Value>()
  tables.set(sessionId, table)
  return table
}
