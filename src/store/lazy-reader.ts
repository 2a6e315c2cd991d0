/** A reading connection that is opened at first use, since the store makes the file. */
import type { Database } from 'bun:sqlite'
import { openReader } from './open-reader.ts'

export class LazyReader {
  readonly #path: string
  #db: Database | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** The connection. Throws StorageError while there is no database. */
  get(): Database {
    this.#db ??= openReader(this.#path)
    return this.#db
  }

  /** Closes the connection if there is one; another `get` opens it again. */
  close(): void {
    this.#db?.close(true)
    this.#db = undefined
  }
}
