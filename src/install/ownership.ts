/** Whom files belong to, and what to do about those that are not ours. */
import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { shellWord } from './shell-quote.ts'

const REFUSALS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS'])

/** Whether the system refused access, as it does to files of others and on disks that are mounted for reading. */
export function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && REFUSALS.has(String(cause.code))
}

/** What to do about a path that cannot be used because it is somebody else's, as after a command under sudo; else empty. */
export function ownershipHint(path: string): string {
  const uid = process.getuid?.()
  const found = nearest(path)
  if (uid === undefined || found === undefined || found.stats.uid === uid || isUsable(found.path)) return ''
  const owner = userName(found.stats.uid)
  return ` ${found.path} belongs to ${owner}; to make it yours: sudo chown -R ${userName(uid)} ${shellWord(found.path)}.`
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
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
