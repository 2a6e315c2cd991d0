/** The pid file: line 1 is the process id, as the original writes it, line 2 the address that is served. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

export interface PidFile {
  readonly pid: number
  /** As `host:port`; null in a file of the original. */
  readonly address: string | null
}

/** Writes our process id and the address, in one step and for the owner's eyes only. */
export function writePidFile(path: string, address: string): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${process.pid}\n${address}\n`, { mode: 0o600 })
  renameSync(draft, path)
}

/** What a pid file says; undefined when there is none or it makes no sense. */
export function readPidFile(path: string): PidFile | undefined {
  const [first = '', address] = readLines(path)
  const pid = Number(first)
  return Number.isSafeInteger(pid) && pid > 0 ? { pid, address: address || null } : undefined
}

/** Removes the pid file if it is ours. */
export function removePidFile(path: string): void {
  if (readPidFile(path)?.pid === process.pid) rmSync(path, { force: true })
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim())
  } catch {
    return []
  }
}
