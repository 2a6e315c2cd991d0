/** Paths as people write them. */
import { resolve } from 'node:path'

/** The absolute path; `home` stands for a leading `~`, and before a relative path. */
export function homePath(path: string, home: string): string {
  return resolve(home, path.replace(/^~(?=\/|$)/, '.'))
}
