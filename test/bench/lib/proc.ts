/** What a process costs, as Linux tells it in /proc. */
import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks per second in /proc/<pid>/stat; 100 on every Linux that Bun runs on. */
const TICKS_PER_SECOND = 100
const NANOSECONDS = 1e9

/** Resident memory of a process and its children, in MB; 0 when it is gone. */
export function residentMb(pid: number): number {
  const kilobytes = (each: number) => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${each}/status`))?.[1] ?? 0)
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + kilobytes(each), 0) / 1024
}

/** Processor time of all threads of a process so far, also of those that have ended, in seconds. */
export function cpuSeconds(pid: number): number {
  return ticksOf(pid) / TICKS_PER_SECOND
}

/** The same in clock ticks. */
export function ticksOf(pid: number): number {
  return field(pid, 11) + field(pid, 12)
}

/** Clock ticks of the children of this process that have ended. */
export function ticksOfTheDead(): number {
  return field(process.pid, 13) + field(process.pid, 14)
}

/** Living processes below this one. */
export function childrenOf(pid: number): readonly number[] {
  const threads = list(`/proc/${pid}/task`)
  const children = threads.flatMap((id) =>
    read(`/proc/${pid}/task/${id}/children`).split(' ').filter(Boolean).map(Number),
  )
  return children.flatMap((child) => [child, ...childrenOf(child)])
}

/** Processor seconds of each living thread so far, by `name:id`. */
export function cpuByThread(pid: number): ReadonlyMap<string, number> {
  const threads = new Map<string, number>()
  for (const id of list(`/proc/${pid}/task`)) {
    const name = read(`/proc/${pid}/task/${id}/comm`).trim()
    const nanoseconds = Number(read(`/proc/${pid}/task/${id}/schedstat`).split(' ')[0])
    threads.set(`${name}:${id}`, nanoseconds / NANOSECONDS)
  }
  return threads
}

/** A column of /proc/<pid>/stat, counted from the one behind the name; see proc(5). */
function field(pid: number, column: number): number {
  return Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[column] ?? 0)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
