/** Files that only their owner may read, from their first moment on. */
import { closeSync, openSync } from 'node:fs'

/**
 * Creates an empty file with mode 0600; false when there is one already. That one is not even opened: closing it again would
 * drop the locks that this process holds on it through SQLite.
 */
export function createPrivate(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
