/** Who listens on a port: from /proc on Linux, from lsof elsewhere. */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { shorten } from '../lib/shorten.ts'
import { clean } from './terminal-text.ts'

export interface PortOwner {
  readonly pid: number
  /** Its command line, shortened. */
  readonly command: string
}

/** State of a listening socket in /proc/net/tcp. */
const LISTENING = '0A'
const COMMAND_CHARS_MAX = 120
/** Milliseconds that lsof may take. */
const LSOF_MS_MAX = 2_000

/** The process that listens on a TCP port, or null when it cannot be told, as with processes of other users. */
export async function findPortOwner(port: number): Promise<PortOwner | null> {
  try {
    return process.platform === 'linux' ? await fromProc(port) : await fromLsof(port)
  } catch {
    return null
  }
}

async function fromProc(port: number): Promise<PortOwner | null> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')))
  const inodes = new Set(tables.flatMap((table) => listenersIn(table, port)))
  if (inodes.size === 0) return null
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await holdsSocket(pid, inodes)) return { pid: Number(pid), command: await commandOf(pid) }
  }
  return null
}

/** Inodes of the listening sockets; columns as in proc_pid_net(5). */
function listenersIn(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(suffix) && state === LISTENING)
    .flatMap((columns) => columns[9] ?? [])
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const directory = `/proc/${pid}/fd`
  const descriptors = await readdir(directory).catch(() => [])
  const targets = await Promise.all(descriptors.map((name) => readlink(`${directory}/${name}`).catch(() => '')))
  return targets.some((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ''))
}

async function commandOf(pid: string): Promise<string> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
  return oneLine(words.join(' '))
}

async function fromLsof(port: number): Promise<PortOwner | null> {
  const lsof = Bun.spawn(['lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    stderr: 'ignore',
    timeout: LSOF_MS_MAX,
  })
  const output = await new Response(lsof.stdout).text()
  const pid = /^p(\d+)$/m.exec(output)?.[1]
  return pid === undefined ? null : { pid: Number(pid), command: oneLine(/^c(.*)$/m.exec(output)?.[1] ?? '') }
}

function oneLine(command: string): string {
  return shorten(clean(command), COMMAND_CHARS_MAX)
}
