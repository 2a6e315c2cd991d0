/** What can be wrong with the database file, in words for the person who has to repair it. */
import { SQLiteError } from 'bun:sqlite'

export type StorageFault =
  | 'not_a_database'
  | 'corrupt'
  | 'read_only'
  | 'disk_full'
  | 'busy'
  | 'io_error'
  | 'behind'
  | 'unavailable'

/** The database cannot be used; `message` says what happened, to which file, and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly fault: StorageFault
  readonly path: string

  constructor(fault: StorageFault, path: string, options: { message?: string; cause?: unknown } = {}) {
    super(options.message ?? SENTENCES[fault](path), { cause: options.cause })
    this.fault = fault
    this.path = path
  }
}

const SENTENCES: Record<StorageFault, (path: string) => string> = {
  not_a_database: (path) =>
    `${path} is not a database. Move it away to start with an empty one, or restore the right file from a backup.`,
  corrupt: (path) =>
    `The database ${path} is damaged. Restore it from a backup (orbitdock.db.bak-* beside it, if there is one), ` +
    `or rescue what is readable with: sqlite3 "${path}" .recover`,
  read_only: (path) =>
    `The database ${path} cannot be written. Give its file and its directory write permission, and mount its disk for writing.`,
  disk_full: (path) => `The disk of the database ${path} is full. Free some space on it.`,
  busy: (path) =>
    `Another program keeps the database ${path} locked. Close it: an sqlite3 shell or a browser of databases.`,
  io_error: (path) =>
    `Reading or writing the database ${path} fails. Look for a broken or vanished disk in the system's log.`,
  behind: (path) => `The database ${path} cannot keep up with what is reported. Look for a slow or overloaded disk.`,
  unavailable: (path) =>
    `The database ${path} cannot be opened. Check that its directory exists, that it is a file, and that you may use it.`,
}

/** Primary result codes, from sqlite.org/rescode.html. */
const FAULTS: Readonly<Record<number, StorageFault>> = {
  5: 'busy',
  6: 'busy',
  7: 'unavailable',
  8: 'read_only',
  10: 'io_error',
  11: 'corrupt',
  13: 'disk_full',
  14: 'unavailable',
  15: 'busy',
  23: 'unavailable',
  26: 'not_a_database',
}

/** Of an error, the fault of the whole storage behind it; undefined when only one statement was at fault. */
export function storageFault(error: unknown): StorageFault | undefined {
  if (error instanceof StorageError) return error.fault
  if (error instanceof SQLiteError) return FAULTS[error.errno & 0xff]
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full'
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'read_only'
  return undefined
}

/** The error as a StorageError about `path`; anything that is no storage fault counts as unavailable. */
export function asStorageError(error: unknown, path: string): StorageError {
  if (error instanceof StorageError) return error
  return new StorageError(storageFault(error) ?? 'unavailable', path, { cause: error })
}

/** As text, to cross to another thread. */
export function storageProblem({ fault, path, message }: StorageError): string {
  return JSON.stringify({ fault, path, message })
}

/** The opposite of `storageProblem`. */
export function storageErrorOf(problem: string): StorageError {
  const { fault, path, message }: Pick<StorageError, 'fault' | 'path' | 'message'> = JSON.parse(problem)
  return new StorageError(fault, path, { message })
}
