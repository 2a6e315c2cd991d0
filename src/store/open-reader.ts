/** Connections that only read, for every thread but the store's. */
import { Database } from 'bun:sqlite'
import { asStorageError } from './storage-error.ts'

/** Milliseconds that a read waits while the write-ahead log is being recovered. */
const BUSY_TIMEOUT_MS = 5_000

/** A reading connection to a database that the store has opened before. Throws StorageError. */
export function openReader(path: string): Database {
  let db: Database | undefined
  try {
    db = new Database(path, { readonly: true })
    db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    return db
  } catch (error) {
    db?.close(true)
    throw asStorageError(error, path)
  }
}
