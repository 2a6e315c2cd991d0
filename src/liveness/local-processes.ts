/** The processes of this machine: which of them live, since when, and what they were told at their start. */
import { readFileSync, readlinkSync } from 'node:fs'

interface Processes {
  /** When the process began, as a text to compare with; null when none lives under this id. */
  start(pid: number): string | null
  /** Whether the process lives that began at `start`, or any under this id where `start` is null. */
  isRunning(pid: number, start: string | null): boolean
  /** Its command line; empty when nobody tells. */
  arguments(pid: number): readonly string[]
  /** Whether a pid of that domain, as Claude 2.1.329 names it, is one of this process table; null stands for any. */
  isOwnDomain(pidDomain: string | null): boolean
}

/** Fields of `/proc/<pid>/stat` behind the name of the program, which may hold anything; see proc(5). */
const STATE = 0
const START_TIME = 19
/** A process that has ended and was not fetched, or is being taken away. */
const DEAD_STATES = ['Z', 'X', 'x']

/** The process table that the system shows. On Linux a look costs one small read; on a Mac a start costs a process. */
export const localProcesses: Processes = process.platform === 'linux' ? linuxProcesses() : otherProcesses()

function linuxProcesses(): Processes {
  const start = (pid: number): string | null => {
    const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return DEAD_STATES.includes(fields[STATE] ?? '') ? null : (fields[START_TIME] ?? null)
  }
  const machine = textOf(() => readFileSync('/etc/machine-id', 'utf8')).trim()
  const domain = `linux:${machine}:${textOf(() => readlinkSync('/proc/self/ns/pid'))}`
  return {
    start,
    isRunning: (pid, since) => {
      const found = start(pid)
      return found !== null && (since === null || found === since)
    },
    arguments: (pid) => {
      const line = textOf(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      return line.split('\0').filter((word) => word !== '')
    },
    isOwnDomain: (pidDomain) => pidDomain === null || pidDomain === domain,
  }
}

/** Where there is no /proc: a start is asked for once, and afterwards only whether the id is in use. */
function otherProcesses(): Processes {
  return {
    start: (pid) => ps(pid, 'lstart=') || null,
    isRunning: exists,
    arguments: (pid) => ps(pid, 'command=').split(/\s+/),
    isOwnDomain: () => true,
  }
}

/** What `ps` says of a process, in words that depend on no language and no time zone. */
function ps(pid: number, column: string): string {
  const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' }
  const { stdout } = Bun.spawnSync(['ps', '-o', column, '-p', String(pid)], { env, stderr: 'ignore' })
  return stdout.toString().trim()
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Of another user, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function textOf(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
