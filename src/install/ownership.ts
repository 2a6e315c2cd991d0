/** Whom files belong to, and what to do about those that are not ours. */
import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { shellWord } from './shell-quote.ts'

const REFUSALS: ReadonlySet<string> = new Set(['EACCES', 'EPERM'])
const READ_ONLY = 'EROFS'

/** Whether the system refused access, as it does to files of others and on disks that are mounted for reading. */
export function isRefusal(cause: unknown): boolean {
  const code = codeOf(cause)
  return REFUSALS.has(code) || code === READ_ONLY
}

/** What to do where the system refused access to a path because it is somebody else's, as after a command under sudo. */
export function ownershipHint(path: string, cause: unknown): string {
  const uid = process.getuid?.()
  if (uid === undefined || !REFUSALS.has(codeOf(cause))) return ''
  const owned = nearest(path)
  if (owned === undefined || owned.stats.uid === uid) return ''
  const owner = userName(owned.stats.uid)
  return ` ${owned.path} belongs to ${owner}; to make it yours: sudo chown ${userName(uid)} ${shellWord(owned.path)}.`
}

/** The user that a path belongs to, or would if it were made: the owner of the nearest directory above that exists. */
export function ownerOf(path: string): number | undefined {
  return nearest(path)?.stats.uid
}

/** The name of a user, or `user 1001` where the system tells none. */
export function userName(uid: number): string {
  try {
    const name = Bun.spawnSync(['id', '-un', `${uid}`], { stderr: 'ignore' })
      .stdout.toString()
      .trim()
    return name || `user ${uid}`
  } catch {
    return `user ${uid}`
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

function nearest(path: string): { readonly path: string; readonly stats: Stats } | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stats = peek(at)
    if (stats) return { path: at, stats }
    if (at === dirname(at)) return undefined
  }
}

function peek(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
