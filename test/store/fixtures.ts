/** Databases, directories and clocks for the tests of the store. */

import type { Database } from 'bun:sqlite'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreRow } from '../../src/session/effects.ts'
import type { StoredSession } from '../../src/session/state.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import { applyRow, encodeRow } from '../../src/store/rows.ts'
import type { Timers } from '../../src/store/store-writer.ts'

const cleanups: (() => void)[] = []

/** For `afterEach` of every file that uses this one: Bun runs hooks only for the file that registers them. */
export function cleanUp(): void {
  for (const clean of cleanups.splice(0).reverse()) clean()
}

/** Runs after the current test, the latest first. */
export function afterwards(clean: () => void): void {
  cleanups.push(clean)
}

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'orbitdock-store-'))
  afterwards(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Whether `tinyDisk` works here. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0

export const TINY_DISK_BYTES = 1024 * 1024

/** A directory on a disk of so many bytes; only the superuser can make one. */
export function tinyDisk(bytes = TINY_DISK_BYTES): string {
  const directory = temporaryDirectory()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory])
  afterwards(() => execFileSync('umount', [directory]))
  return directory
}

/** A path at which there is no database yet. */
export function newDatabasePath(): string {
  return join(temporaryDirectory(), 'orbitdock.db')
}

/** An opened database; closed after the test. */
export function opened(path = newDatabasePath()): Database {
  const db = openDatabase(path)
  afterwards(() => db.close(true))
  return db
}

/** Writes a row the way it travels. */
export function apply(db: Database, sessionId: string, row: StoreRow): void {
  applyRow(db, encodeRow(sessionId, row))
}

/** A database with one active Claude session. */
export function withSession(put: Partial<StoredSession> = {}, id = 's1', db = opened()): Database {
  apply(db, id, { table: 'sessions', put: { provider: 'claude', projectPath: '/repo', ...put } })
  return db
}

/** All rows of a query, as objects. */
export function all(db: Database, sql: string): Record<string, unknown>[] {
  return db.query<Record<string, unknown>, []>(sql).all()
}

/** Time that passes when the test says so. */
export class TestTimers implements Timers {
  readonly #soon: (() => void)[] = []
  readonly #later = new Set<{ readonly work: () => void; readonly ms: number }>()
  #now = Date.parse('2026-02-21T10:00:00Z')

  soon(work: () => void): void {
    this.#soon.push(work)
  }

  later(work: () => void, ms: number): () => void {
    const timer = { work, ms }
    this.#later.add(timer)
    return () => this.#later.delete(timer)
  }

  now(): number {
    return this.#now
  }

  /** Delays that are being waited for. */
  get delays(): readonly number[] {
    return [...this.#later].map(({ ms }) => ms)
  }

  /** One turn of the event loop. */
  turn(): void {
    for (const work of this.#soon.splice(0)) work()
  }

  /** Lets all delays pass, and the turn after them. */
  wait(): void {
    const due = [...this.#later]
    this.#later.clear()
    this.#now += Math.max(0, ...due.map(({ ms }) => ms))
    for (const { work } of due) work()
    this.turn()
  }
}
