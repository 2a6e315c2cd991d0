/** Turns the lines of one transcript into events, one slice after the other. */
import { isJsonObject, listAt, objectAt, parseJson, textAt } from '../lib/json.ts'
import type { SessionEvent } from '../session/events.ts'
import { CallResults } from './call-results.ts'
import { entryEvents, unknownKind } from './entries.ts'
import { rowEvent } from './entry.ts'
import { EntryOrder, type PlacedEntry } from './entry-order.ts'
import { OPEN_CALLS_MAX } from './limits.ts'
import type { Line } from './line-splitter.ts'

export interface EntriesRead {
  readonly events: readonly SessionEvent[]
  /** Kinds of entries that nobody here has heard of. */
  readonly unknownKinds: readonly string[]
  /** Lines that were too long or no JSON. */
  readonly skippedLines: number
}

export interface EntryReaderOptions {
  readonly sessionId: string
  /** Byte with which reading begins; 0 if not said otherwise. */
  readonly from?: number
  /** Byte before which lines tell of the past. */
  readonly liveFrom: number
  /** Whether the transcript is that of a subagent, all of whose lines say so. */
  readonly ofSubagent?: boolean
}

/** What was sent to the API: most of the bytes that 2.1.329 writes, and not worth parsing. */
const DUMP = /^\{"type":"api-request/

type Aborted = Extract<SessionEvent, { type: 'turn_aborted' }>
type Tokens = Extract<SessionEvent, { type: 'tokens_reported' }>

/** Keeps what several entries say together: calls and their results, counters that are repeated, turns that went on. */
export class EntryReader {
  readonly #options: EntryReaderOptions
  readonly #order: EntryOrder
  readonly #callResults = new CallResults()
  /** When open calls began, oldest first. */
  readonly #starts = new Map<string, string>()
  #model: string | null = null
  #tokens = ''
  #aborted: Aborted | undefined

  constructor(options: EntryReaderOptions) {
    this.#options = options
    this.#order = new EntryOrder(options.from ?? 0)
  }

  /** Byte at which the first line begins that waits for the one that it follows; null when none does. */
  get waitingFrom(): number | null {
    return this.#order.waitingFrom
  }

  /** `model`: as the session knows it. `atEnd`: nothing more is written yet, so that the last word counts. */
  read(lines: readonly Line[], model: string | null, atEnd: boolean): EntriesRead {
    const events: SessionEvent[] = []
    const unknownKinds = new Set<string>()
    let skippedLines = 0
    this.#model = model ?? this.#model
    for (const { text, offset } of lines) {
      if (text !== null && (text.trim() === '' || DUMP.test(text))) continue
      const entry = text === null ? undefined : parseJson(text)
      if (entry === undefined) {
        skippedLines++
        this.#order.skip()
        if (text === null) events.push(unreadRow(this.#options.sessionId, offset))
        continue
      }
      const unknown = unknownKind(entry)
      if (unknown !== null) unknownKinds.add(unknown)
      for (const placed of this.#order.add({ entry, offset })) events.push(...this.#entry(placed))
    }
    return { events: this.#settled(events, atEnd), unknownKinds: [...unknownKinds], skippedLines }
  }

  /** What the lines say that have waited long enough. */
  release(): readonly SessionEvent[] {
    return this.#settled(
      this.#order.release().flatMap((placed) => this.#entry(placed)),
      true,
    )
  }

  #entry({ entry, offset }: PlacedEntry): readonly SessionEvent[] {
    const { sessionId, liveFrom, ofSubagent = false } = this.#options
    this.#noteStarts(entry)
    const startOf = (toolUseId: string) => this.#starts.get(toolUseId)
    const said = ofSubagent && isJsonObject(entry) ? { ...entry, isSidechain: false } : entry
    const events = entryEvents(said, { sessionId, offset, live: offset >= liveFrom, model: this.#model, startOf })
    for (const event of events) {
      if (event.type === 'model_reported') this.#model = event.model
      if (event.type === 'message_changed') this.#starts.delete(event.id.slice(sessionId.length + 1))
      if (event.type === 'turn_aborted') this.#aborted = event
      if (goesOn(entry, event)) this.#aborted = undefined
    }
    return [...this.#callResults.read(entry, offset >= liveFrom), ...events]
  }

  #noteStarts(entry: unknown): void {
    if (!isJsonObject(entry) || entry.type !== 'assistant') return
    const at = textAt(entry, 'timestamp')
    for (const block of listAt(objectAt(entry, 'message'), 'content')) {
      const id = isJsonObject(block) && block.type === 'tool_use' ? textAt(block, 'id') : null
      if (id !== null && at !== null) this.#starts.set(id, at)
    }
    for (const id of this.#starts.keys()) {
      if (this.#starts.size <= OPEN_CALLS_MAX) break
      this.#starts.delete(id)
    }
  }

  /** Of counters only the last count; an interruption counts unless the conversation went on after it. */
  #settled(events: readonly SessionEvent[], atEnd: boolean): readonly SessionEvent[] {
    const settled: SessionEvent[] = []
    let tokens: Tokens | undefined
    for (const event of events) {
      if (event.type === 'tokens_reported') tokens = event
      else if (event.type !== 'turn_aborted') settled.push(event)
    }
    if (tokens && JSON.stringify(tokens) !== this.#tokens) {
      this.#tokens = JSON.stringify(tokens)
      settled.push(tokens)
    }
    if (!atEnd || !this.#aborted) return settled
    settled.push(this.#aborted)
    this.#aborted = undefined
    return settled
  }
}

/** Stands where a line is that nothing can be said of, so that nobody takes the conversation for complete. */
function unreadRow(sessionId: string, offset: number): SessionEvent {
  const content = 'A line of the transcript is too long to be shown here.'
  return rowEvent({}, { id: `${sessionId}:transcript:${offset}`, type: 'assistant', content, isError: true })
}

/** Whether a row shows a turn. Commands and shell lines may be carried out by the CLI alone, after an interruption too. */
function goesOn(entry: unknown, event: SessionEvent): boolean {
  if (event.type !== 'message_reported' || !isJsonObject(entry)) return false
  const { type, content } = event.message
  return entry.type === 'assistant' || type === 'steer' || (type === 'user' && !content.startsWith('/'))
}
