/** Who listens on a port: from /proc on Linux, from lsof elsewhere. */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { userName } from '../install/ownership.ts'
import { shorten } from '../lib/shorten.ts'
import { clean } from './terminal-text.ts'

export interface PortOwner {
  /** Null when only the user is known, as with processes of other users. */
  readonly pid: number | null
  /** Its command line, shortened; empty when it is not known. */
  readonly command: string
  /** The user it belongs to; null when that is ourselves. */
  readonly user: string | null
}

/** State of a listening socket in /proc/net/tcp. */
const LISTENING = '0A'
const COMMAND_CHARS_MAX = 120
/** Milliseconds that lsof may take. */
const LSOF_MS_MAX = 2_000

/** Who listens on a TCP port, or null when that cannot be told. */
export async function findPortOwner(port: number): Promise<PortOwner | null> {
  try {
    return process.platform === 'linux' ? await fromProc(port) : await fromLsof(port)
  } catch {
    return null
  }
}

async function fromProc(port: number): Promise<PortOwner | null> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')))
  const listeners = tables.flatMap((table) => listenersIn(table, port))
  const [first] = listeners
  if (!first) return null
  const user = first.uid === process.getuid?.() ? null : userName(first.uid)
  const inodes = new Set(listeners.map(({ inode }) => inode))
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await holdsSocket(pid, inodes)) return { pid: Number(pid), command: await commandOf(pid), user }
  }
  return { pid: null, command: '', user }
}

interface Listener {
  readonly inode: string
  readonly uid: number
}

/** The listening sockets of a port; columns as in proc_pid_net(5). */
function listenersIn(table: string, port: number): Listener[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(suffix) && state === LISTENING)
    .map((columns) => ({ inode: columns[9] ?? '', uid: Number(columns[7]) }))
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

/** Without the rights of root, lsof shows nothing of other users; the port is taken all the same. */
async function fromLsof(port: number): Promise<PortOwner | null> {
  const lsof = Bun.spawn(['lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpcu'], {
    stderr: 'ignore',
    timeout: LSOF_MS_MAX,
  })
  const output = await new Response(lsof.stdout).text()
  const field = (letter: string) => new RegExp(`^${letter}(.*)$`, 'm').exec(output)?.[1]
  const [pid, uid] = [field('p'), Number(field('u'))]
  if (pid === undefined) return null
  const user = uid === process.getuid?.() ? null : userName(uid)
  return { pid: Number(pid), command: oneLine(field('c') ?? ''), user }
}

function oneLine(command: string): string {
  return shorten(clean(command), COMMAND_CHARS_MAX)
}
