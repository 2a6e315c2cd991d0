/** A copy of the whole database beside it. */
import type { Database } from 'bun:sqlite'
import { rmSync } from 'node:fs'
import { createPrivate } from './create-private.ts'

/** Copies kept under one name; more mean that something repeats itself. */
const COPIES_MAX = 100

/**
 * Copies the database to `path`, or to `path.2` and so on when that exists, for the owner's eyes only.
 * Returns the path of the copy. Throws what SQLite throws, for a full disk above all, and leaves no half copy.
 */
export function backUp(db: Database, path: string): string {
  const copy = createFree(path)
  try {
    db.run('VACUUM INTO ?', [copy])
    return copy
  } catch (error) {
    rmSync(copy, { force: true })
    throw error
  }
}

/** Makes an empty file, which VACUUM INTO accepts as its target. */
function createFree(path: string): string {
  for (let number = 1; number <= COPIES_MAX; number++) {
    const candidate = number === 1 ? path : `${path}.${number}`
    if (createPrivate(candidate)) return candidate
  }
  throw new Error(`There are ${COPIES_MAX} backups named ${path} already. Remove those that are no longer needed.`)
}
