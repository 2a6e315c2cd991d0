/** Makes a data directory ready for use: directories, database, token, hook script. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { DataPaths } from '../lib/data-paths.ts'
import { replaceFile } from '../lib/replace-file.ts'
import { renderHookScript } from './hook-script.ts'
import { dataFileError, InstallError } from './install-error.ts'
import { ensureToken, readToken } from './token.ts'

const PRIVATE_DIRECTORY = 0o700
const EXECUTABLE = 0o755
const HOST_ID_BYTES = 16
/** Set on directories that everybody writes to, such as /tmp. */
const STICKY = 0o1000

export interface InitOptions {
  readonly paths: DataPaths
  /** Creates the database or brings it up to date. */
  readonly createDatabase: () => void | Promise<void>
  /** Server that the hooks post to; the one of the data directory, by its socket, if not given. */
  readonly serverUrl?: string | undefined
}

/** Can be run again at any time. Resolves with the lines to print; rejects with InstallError or what `createDatabase` says. */
export async function runInit({ paths, createDatabase, serverUrl }: InitOptions): Promise<readonly string[]> {
  const url = serverUrl === undefined ? null : baseUrl(serverUrl)
  const existed = existsSync(paths.root)
  makeDirectories(paths)
  await createDatabase()
  // A server elsewhere has a token of its own, which is put here by hand.
  if (url === null || readToken(paths) !== null) ensureToken(paths)
  const script = renderHookScript({ dataDir: paths.root, hostId: ensureHostId(paths), serverUrl: url })
  write(paths.hookScript, () => replaceFile(paths.hookScript, script, EXECUTABLE))
  return [
    `  ${existed ? 'Found' : 'Created'} ${paths.root}/`,
    `  Database initialized at ${paths.database}`,
    `  Hook script installed to ${paths.hookScript}`,
    ...(url === null ? [] : [`  Hooks post to ${url}, with the token in ${paths.authToken} if there is one`]),
    '',
    '  Next steps:',
    '    1. orbitdock-server install-hooks              Claude Code reports its sessions',
    '    2. orbitdock-server start                      or: install-service --enable, to have it always',
    '    3. orbitdock-server status                     see that it runs',
  ]
}

function makeDirectories(paths: DataPaths): void {
  for (const directory of [paths.root, paths.logs, paths.spool, paths.spoolFailed, paths.images]) {
    write(directory, () => {
      mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY })
      // The original left them open to everybody.
      const { mode, uid } = statSync(directory)
      if ((mode & STICKY) === 0 && uid === process.getuid?.()) chmodSync(directory, PRIVATE_DIRECTORY)
    })
  }
}

function ensureHostId({ hostId }: DataPaths): string {
  return write(hostId, () => {
    const known = existsSync(hostId) ? readFileSync(hostId, 'utf8').trim() : ''
    if (/^[\w-]+$/.test(known)) return known
    const made = crypto.getRandomValues(new Uint8Array(HOST_ID_BYTES)).toHex()
    writeFileSync(hostId, `${made}\n`, { mode: 0o600 })
    return made
  })
}

function write<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw dataFileError('write', path, error)
  }
}

/** The address without a slash at its end. Throws InstallError when no server can have it. */
function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new InstallError(`"${text}" is not the address of a server. Write it like http://127.0.0.1:4000.`)
  }
  return url.href.replace(/\/+$/, '')
}
