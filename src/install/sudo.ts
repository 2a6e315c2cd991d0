/** What sudo does to a set-up: root's files in the home of a user, or a set-up of root that nobody wanted. */
import type { Environment } from './claude-version.ts'
import { InstallError } from './install-error.ts'
import { ownerOf, userName } from './ownership.ts'

export interface SudoCheck {
  /** The data directory, which may not exist yet. */
  readonly dataDir: string
  readonly env: Environment
  /** Of this process; that of the system by default. */
  readonly uid?: number | undefined
}

/**
 * The line to print when sudo has made this a set-up of root; null when it has not. Throws InstallError where root would leave
 * files among those of the user who called sudo. A root that nobody became by sudo, as in a container, is left alone.
 */
export function checkSudo({ dataDir, env, uid = process.getuid?.() }: SudoCheck): string | null {
  const caller = Number(env.SUDO_UID || 0)
  if (uid !== 0 || !Number.isInteger(caller) || caller === 0) return null
  const user = userName(caller)
  if (ownerOf(dataDir) !== caller) {
    return `warning: by sudo, this is for root, with its data in ${dataDir}. Without sudo it is for ${user}.`
  }
  throw new InstallError(
    `${dataDir} is for ${user}, whom files of root would lock out. Run this again without sudo, as ${user}.`,
  )
}
