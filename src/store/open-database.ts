/** Opens the database for writing and completes its schema, whoever made it; nothing is ever removed or renamed. */
import { Database } from 'bun:sqlite'
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Log, silentLog } from '../lib/log.ts'
import { backUp } from './backup.ts'
import { createPrivate } from './create-private.ts'
import { missingStatements, type SchemaSummary, summarise } from './schema.ts'
import { asStorageError } from './storage-error.ts'

export interface OpenOptions {
  /** What a commit waits for: `normal` survives the death of the process, `full` also that of the machine. */
  readonly synchronous?: 'normal' | 'full'
  /** Names the backup that is taken before a foreign file is changed: `<file>.bak-<version>`. */
  readonly version?: string
  /** Milliseconds that a statement waits for a lock of another process. */
  readonly busyTimeoutMs?: number
  readonly log?: Log
}

const BUSY_TIMEOUT_MS = 5_000
/** Pages of write-ahead log (4 KiB each) after which a commit also checkpoints. */
const AUTOCHECKPOINT_PAGES = 1_000
/** Bytes to which the write-ahead log shrinks again after a burst. */
const WAL_BYTES_KEPT = 16 * 1024 * 1024

/** Mode bit of directories that several users write to. */
const STICKY = 0o1000
/** Mode bits of the group and of everybody. */
const OTHERS = 0o077
const MODE_BITS = 0o7777

/** The writing connection. Throws StorageError when the file cannot serve. */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  let db: Database | undefined
  try {
    makePrivate(path)
    db = new Database(path, { readwrite: true, create: true })
    configure(db, options)
    migrate(db, path, options)
    return db
  } catch (error) {
    db?.close(true)
    throw asStorageError(error, path)
  }
}

/**
 * Nobody but the owner may look into conversations. A directory counts as ours when we made it or found our database in it:
 * one like /tmp, or a project's, stays as it is. Files of the write-ahead log inherit the mode.
 */
function makePrivate(path: string): void {
  const directory = dirname(path)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (createPrivate(path)) return
  hide(path)
  if ((statSync(directory).mode & STICKY) === 0) hide(directory)
}

/** Takes what others may do away from a file of ours; one of somebody else stays as it is. */
function hide(path: string): void {
  const { mode, uid } = statSync(path)
  if ((mode & OTHERS) !== 0 && uid === process.getuid?.()) chmodSync(path, mode & ~OTHERS & MODE_BITS)
}

function configure(db: Database, { synchronous = 'normal', busyTimeoutMs = BUSY_TIMEOUT_MS }: OpenOptions): void {
  db.run(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  db.run('PRAGMA journal_mode = WAL')
  db.run(`PRAGMA synchronous = ${synchronous}`)
  db.run('PRAGMA foreign_keys = ON')
  db.run('PRAGMA recursive_triggers = OFF')
  db.run(`PRAGMA wal_autocheckpoint = ${AUTOCHECKPOINT_PAGES}`)
  db.run(`PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`)
}

function migrate(db: Database, path: string, { version = 'before', log = silentLog }: OpenOptions): void {
  if (missingStatements(db).length === 0) return
  const found = summarise(db)
  if (isForeign(found)) log.info('store.backup.made', { path: backUp(db, `${path}.bak-${version}`) })
  db.run('BEGIN IMMEDIATE')
  try {
    const statements = missingStatements(db)
    for (const statement of statements) db.run(statement)
    db.run('COMMIT')
    log.info('store.schema.completed', { path, statements: statements.length, tables_before: found.tables.size })
  } catch (error) {
    if (db.inTransaction) db.run('ROLLBACK')
    throw error
  }
}

/** Versions of the shared schema that need no backup before they are extended. */
const KNOWN_VERSIONS: ReadonlyMap<number, string> = new Map([
  [1, '001_baseline'],
  [2, '002_message_images'],
])

/** Neither new nor of the shared baseline: an app before it, a later server, or somebody else made the file. */
function isForeign({ tables, versions }: SchemaSummary): boolean {
  if (tables.size === 0) return false
  if (tables.has('refinery_schema_history') || versions.get(1) !== KNOWN_VERSIONS.get(1)) return true
  return [...versions].some(([version, name]) => KNOWN_VERSIONS.get(version) !== name)
}
