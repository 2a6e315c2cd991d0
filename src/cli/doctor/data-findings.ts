/** The data directory: whether it is there, ours, private, and on a disk with room. */
import { accessSync, constants, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dataFileError, InstallError, OTHER_DATA_DIR } from '../../install/install-error.ts'
import { isRefusal, userName } from '../../install/ownership.ts'
import { shellWord } from '../../install/shell-quote.ts'
import { checkSudo } from '../../install/sudo.ts'
import type { InstallContext } from '../install-command.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Free bytes on the disk below which a person should know. */
const ROOM_BYTES_MIN = 100 * 1024 * 1024
const MEGABYTE = 1024 * 1024
/** Mode bits of the group and of everybody. */
const OTHERS = 0o077

export function dataFindings({ paths: { root }, env }: InstallContext): readonly Finding[] {
  const sudo = sudoFindings(root, env)
  try {
    const { mode } = statSync(root)
    return [...sudo, directoryFinding(root, mode), roomFinding(root)]
  } catch (error) {
    const isRefused = isRefusal(error)
    return isRefused
      ? [...sudo, fail('data_dir', dataFileError('use', root, error).message)]
      : [...sudo, fail('data_dir', `There is no ${root}.`, 'orbitdock-server init')]
  }
}

function sudoFindings(dataDir: string, env: InstallContext['env']): readonly Finding[] {
  try {
    const warning = checkSudo({ dataDir, env })
    return warning === null ? [] : [warn('user', warning.replace(/^warning: /, ''))]
  } catch (error) {
    if (error instanceof InstallError) return [fail('user', error.message)]
    throw error
  }
}

function directoryFinding(root: string, mode: number): Finding {
  const foreign = foreignFile(root)
  if (foreign) {
    const give = `sudo chown -R ${userName(process.getuid?.() ?? 0)} ${shellWord(root)}`
    return fail('data_dir', `${foreign.path} belongs to ${foreign.user}.`, give)
  }
  if (!canWrite(root)) return fail('data_dir', `${root} cannot be written.`, OTHER_DATA_DIR)
  if ((mode & OTHERS) !== 0) {
    return warn('data_dir', `Other users of this machine may look into ${root}.`, `chmod 700 ${shellWord(root)}`)
  }
  return ok('data_dir', `Everything is kept in ${root}`)
}

/** The first that is somebody else's, such as root's after a sudo; root itself may use all. */
function foreignFile(root: string): { readonly path: string; readonly user: string } | undefined {
  const uid = process.getuid?.()
  if (uid === undefined || uid === 0) return undefined
  for (const path of [root, ...namesIn(root).map((name) => join(root, name))]) {
    const owner = statSync(path, { throwIfNoEntry: false })?.uid
    if (owner !== undefined && owner !== uid) return { path, user: userName(owner) }
  }
  return undefined
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

function roomFinding(root: string): Finding {
  const { bavail, bsize } = statfsSync(root)
  const bytes = bavail * bsize
  const megabytes = Math.floor(bytes / MEGABYTE)
  if (bytes >= ROOM_BYTES_MIN) return ok('disk', `${megabytes} MB are free on its disk`)
  return warn(
    'disk',
    `Only ${megabytes} MB are free on the disk of ${root}.`,
    'Free some space: nothing is stored on a full disk.',
  )
}
