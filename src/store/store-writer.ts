/** Writes rows in groups: each commit takes everything that arrived during the one before. */
import { type Database, SQLiteError } from 'bun:sqlite'
import { Garbage } from '../lib/garbage.ts'
import {
  EVENT_MEMORY_MS,
  GARBAGE_BYTES_MAX,
  PRUNED_SESSIONS_MAX,
  STORE_BATCH_ROWS_MAX,
  STORE_IDLE_MS,
  STORE_QUEUE_CHARS_MAX,
  STORE_RETRY_MS_MAX,
  STORE_RETRY_MS_MIN,
} from '../lib/limits.ts'
import type { Log } from '../lib/log.ts'
import { pruneEvents } from './hook-events.ts'
import { prepared } from './prepared.ts'
import { applyRow } from './rows.ts'
import { asStorageError, StorageError, storageFault } from './storage-error.ts'

export interface StoreWriterParts {
  readonly db: Database
  /** Of the database file, for messages. */
  readonly path: string
  readonly log: Log
  /** Every row up to this mark is on disk, save those that were skipped and logged. */
  committed(mark: number): void
  /** Nothing can be written for now; what arrived is kept. */
  failed(error: StorageError): void
  recovered(): void
  readonly timers?: Timers
}

/** When the writer does its work. */
export interface Timers {
  /** After the messages that have already arrived. */
  soon(work: () => void): void
  /** Returns what cancels it. */
  later(work: () => void, ms: number): () => void
  /** Unix milliseconds. */
  now(): number
}

interface Letter {
  readonly mark: number
  readonly rows: readonly string[]
}

const systemTimers: Timers = {
  soon: (work) => void setImmediate(work),
  later: (work, ms) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
  now: () => Date.now(),
}

export class StoreWriter {
  readonly #parts: StoreWriterParts
  readonly #timers: Timers
  readonly #queue: Letter[] = []
  #queuedChars = 0
  /** Rows of long transcripts pass by the hundred megabytes. */
  readonly #garbage = new Garbage(GARBAGE_BYTES_MAX)
  #scheduled = false
  #retryMs = 0
  #complained = false
  #cancelTimer = () => {}
  #pruned = { after: '', at: 0 }

  constructor(parts: StoreWriterParts) {
    this.#parts = parts
    this.#timers = parts.timers ?? systemTimers
  }

  /** Takes rows over; `committed` is called with this mark, or a later one, once they are on disk. */
  write(mark: number, rows: readonly string[]): void {
    this.#queue.push({ mark, rows })
    for (const row of rows) this.#queuedChars += row.length
    if (this.#queuedChars > STORE_QUEUE_CHARS_MAX) this.#complain(new StorageError('behind', this.#parts.path))
    if (this.#retryMs === 0) this.#schedule()
  }

  /** Writes what waits, tidies up and closes the database. Returns how many rows could not be written. */
  close(): number {
    this.#cancelTimer()
    const { db, log } = this.#parts
    try {
      while (this.#queue.length > 0) this.#commitNext()
      db.run('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch (error) {
      log.error('store.close.incomplete', { reason: reasonOf(error), letters: this.#queue.length })
    }
    db.close(true)
    return this.#queue.reduce((sum, { rows }) => sum + rows.length, 0)
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#timers.soon(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#queue.length === 0) return
    this.#cancelTimer()
    try {
      this.#commitNext()
    } catch (error) {
      this.#retry(error)
      return
    }
    this.#retryMs = 0
    if (this.#queue.length > 0) this.#schedule()
    else this.#rest()
  }

  /** Everything is on disk. */
  #rest(): void {
    if (this.#complained) {
      this.#complained = false
      this.#parts.recovered()
    }
    this.#cancelTimer = this.#timers.later(() => this.#tidy(), STORE_IDLE_MS)
  }

  #retry(error: unknown): void {
    this.#complain(asStorageError(error, this.#parts.path))
    this.#retryMs = Math.min(Math.max(this.#retryMs * 2, STORE_RETRY_MS_MIN), STORE_RETRY_MS_MAX)
    this.#cancelTimer = this.#timers.later(() => this.#schedule(), this.#retryMs)
  }

  #complain(error: StorageError): void {
    if (this.#complained) return
    this.#complained = true
    this.#parts.failed(error)
  }

  /** One transaction over the oldest letters. Throws when the storage fails; then nothing is lost and nothing committed. */
  #commitNext(): void {
    const { db, log, committed } = this.#parts
    const letters = this.#batch()
    const skipped = writeAll(
      db,
      letters.flatMap(({ rows }) => rows),
    )
    this.#queue.splice(0, letters.length)
    const chars = letters.reduce((sum, { rows }) => rows.reduce((all, row) => all + row.length, sum), 0)
    this.#queuedChars -= chars
    this.#garbage.note(chars)
    for (const { row, error } of skipped) log.error('store.row.skipped', { reason: reasonOf(error), ...describe(row) })
    const last = letters.at(-1)
    if (last) committed(last.mark)
  }

  #batch(): readonly Letter[] {
    let count = 0
    const beyond = this.#queue.findIndex(({ rows }, index) => {
      count += rows.length
      return index > 0 && count > STORE_BATCH_ROWS_MAX
    })
    return beyond === -1 ? this.#queue.slice() : this.#queue.slice(0, beyond)
  }

  /** Work for quiet moments: empties the write-ahead log into the database, forgets old events bit by bit. */
  #tidy(): void {
    const { db, log } = this.#parts
    try {
      db.run('PRAGMA wal_checkpoint(PASSIVE)')
      if (this.#prune()) this.#cancelTimer = this.#timers.later(() => this.#tidy(), STORE_IDLE_MS)
    } catch (error) {
      log.warn('store.tidy.failed', { reason: reasonOf(error) })
    }
  }

  /** One slice of a walk over all sessions, once per `EVENT_MEMORY_MS`; true while there is more to do. */
  #prune(): boolean {
    const now = this.#timers.now()
    if (this.#pruned.at + EVENT_MEMORY_MS > now) return false
    const after = pruneEvents(this.#parts.db, now - EVENT_MEMORY_MS, this.#pruned.after, PRUNED_SESSIONS_MAX)
    this.#pruned = after === null ? { after: '', at: now } : { after, at: 0 }
    return after !== null
  }
}

interface Skipped {
  readonly row: string
  readonly error: unknown
}

/**
 * Writes rows in one transaction. A row that fails gets a second chance at the end, when the rows it may have needed are there;
 * failing again it is skipped and returned. Throws, with nothing written, when the storage itself fails.
 */
function writeAll(db: Database, rows: readonly string[]): readonly Skipped[] {
  prepared(db, 'BEGIN IMMEDIATE').run()
  try {
    const skipped = writeEach(
      db,
      writeEach(db, rows).map(({ row }) => row),
    )
    prepared(db, 'COMMIT').run()
    return skipped
  } catch (error) {
    if (db.inTransaction) db.run('ROLLBACK')
    throw error
  }
}

function writeEach(db: Database, rows: readonly string[]): readonly Skipped[] {
  const skipped: Skipped[] = []
  for (const row of rows) {
    try {
      applyRow(db, row)
    } catch (error) {
      if (storageFault(error)) throw error
      skipped.push({ row, error })
    }
  }
  return skipped
}

/** Without contents: a message of SQLite names columns, one of a parser may quote what it read. */
function reasonOf(error: unknown): string {
  if (error instanceof SQLiteError) return `${error.code ?? 'SQLITE'}: ${error.message}`
  return error instanceof SyntaxError ? error.name : String(error)
}

function describe(row: string): { readonly session_id?: string; readonly table?: string } {
  try {
    const [sessionId, { table }] = JSON.parse(row)
    return { session_id: sessionId, table }
  } catch {
    return {}
  }
}
