/** Keeps a second server off a data directory, be it one of ours or the original. */

import { Database } from 'bun:sqlite'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DataPaths } from '../lib/data-paths.ts'
import { createPrivate } from './create-private.ts'
import { readPidFile } from './pid-file.ts'
import { asStorageError, storageFault } from './storage-error.ts'

export interface DataDirLock {
  release(): void
}

const REMOVE_SERVICE = 'orbitdock-server install-service --uninstall'

/** Another server uses the data directory; `message` says which one and what to do. */
export class DataDirLockedError extends Error {
  override readonly name = 'DataDirLockedError'
  /** Of the other server, when it is known. */
  readonly pid: number | null

  constructor(root: string, { pid, address }: { pid?: number | undefined; address?: string | null | undefined }) {
    const who =
      pid === undefined
        ? 'Another orbitdock-server'
        : `Another orbitdock-server (process ${pid}${address ? `, at ${address}` : ''})`
    // The original leaves no address, and its service starts it anew.
    const service = address === null ? `; one that comes back has a service: ${REMOVE_SERVICE}` : ''
    const stop = pid === undefined ? 'Stop it' : `Stop it (kill ${pid}${service})`
    super(`${who} is using ${root}. ${stop}, or start this one with a --data-dir of its own.`)
    this.pid = pid ?? null
  }
}

/** A connection that nobody refers to is closed by the garbage collector, and its lock is gone. */
const held = new Set<Database>()

/** Only its lock matters: it holds no data. */
const LOCK_FILE = 'orbitdock.lock'
const PROGRAM = 'orbitdock-server'
/** The kernel keeps this many bytes of a process's name. */
const LINUX_NAME_BYTES = 15

/**
 * Takes the data directory for this process. The lock is one of the operating system on a file, so it ends with the process,
 * whatever its end; a process id that is used again cannot confuse it. Throws DataDirLockedError, or StorageError.
 */
export function lockDataDir({ root, pidFile }: Pick<DataPaths, 'root' | 'pidFile'>): DataDirLock {
  const path = join(root, LOCK_FILE)
  let db: Database | undefined
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 })
    createPrivate(path)
    db = new Database(path, { readwrite: true, create: true })
    db.run('BEGIN EXCLUSIVE')
    refuseOriginal(root, pidFile)
  } catch (error) {
    db?.close(true)
    if (error instanceof DataDirLockedError) throw error
    if (storageFault(error) === 'busy') throw new DataDirLockedError(root, readPidFile(pidFile) ?? {})
    throw asStorageError(error, path)
  }
  const lock = db
  held.add(lock)
  return {
    release: () => {
      held.delete(lock)
      lock.close(true)
    },
  }
}

/** The original takes no lock; its pid file, which has no second line, is all there is to go by. */
function refuseOriginal(root: string, pidFile: string): void {
  const file = readPidFile(pidFile)
  if (!file || file.address !== null || file.pid === process.pid) return
  if (isServer(file.pid)) throw new DataDirLockedError(root, file)
}

function isServer(pid: number): boolean {
  const name = processName(pid)
  return name !== undefined && (name === PROGRAM || name === PROGRAM.slice(0, LINUX_NAME_BYTES))
}

/** The name of a living process; undefined when there is none. */
function processName(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
    return basename(execFileSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).trim())
  } catch {
    return undefined
  }
}
