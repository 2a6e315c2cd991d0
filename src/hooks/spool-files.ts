/** The files of the spool: events that the hook script could not deliver, one in each, named by when they happened. */
import { constants, watch } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HOOK_BODY_BYTES_MAX } from '../lib/limits.ts'

/** Beneath the spool: what can never be applied, with the reason beside it. */
const FAILED = 'failed'
/** Age in milliseconds at which a draft counts as left behind by a script that was killed; one that asks lives for a day. */
const DRAFT_MS_MAX = 48 * 3_600_000
/** From here on the first number of a name is milliseconds, as later versions of the original write it. */
const MILLISECONDS_FROM = 1e11

/** A body that cannot be read; `message` says why, for the file beside it. */
export class UnreadableSpoolFile extends Error {}

/**
 * Names of the spooled events, oldest first: ours (`seconds-counter-pid`), the original's (`seconds-pid`) and those of its
 * later versions (`milliseconds-pid`). Only regular files; old drafts are removed. None when there is no directory.
 */
export async function listSpool(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  await Promise.all(files.filter((name) => name.startsWith('.')).map((name) => removeOldDraft(join(directory, name))))
  return files
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => ({ name, at: orderOf(name) }))
    .sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1] || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name)
}

function orderOf(name: string): readonly [ms: number, withinIt: number] {
  const [first = 0, second = 0] = name.split(/\D+/).filter(Boolean).map(Number)
  return [first < MILLISECONDS_FROM ? first * 1_000 : first, second]
}

async function removeOldDraft(path: string): Promise<void> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
  if (Date.now() - mtimeMs > DRAFT_MS_MAX) await rm(path, { force: true })
}

/** The body of a spooled event; undefined when the file has gone. Throws UnreadableSpoolFile. */
export async function readSpoolFile(path: string): Promise<string | undefined> {
  // Never through a link that somebody has put in the place of the file.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    if (error.code === 'ELOOP' || error.code === 'EACCES')
      throw new UnreadableSpoolFile(`The file cannot be opened: ${error.code}.`)
    throw error
  })
  if (!file) return undefined
  try {
    const { size } = await file.stat()
    if (size > HOOK_BODY_BYTES_MAX)
      throw new UnreadableSpoolFile(`The file is larger than ${HOOK_BODY_BYTES_MAX} bytes.`)
    return (await file.readFile('utf8')).trimEnd()
  } finally {
    await file.close()
  }
}

/** The event is applied. */
export async function settleSpoolFile(path: string): Promise<void> {
  await rm(path, { force: true })
}

/** Keeps a file that can never be applied, for people to look at, with the reason beside it. */
export async function setAsideSpoolFile(directory: string, name: string, reason: string): Promise<void> {
  const failed = join(directory, FAILED)
  await mkdir(failed, { recursive: true, mode: 0o700 })
  await rename(join(directory, name), join(failed, name))
  await writeFile(join(failed, `${name}.reason`), `${reason}\n`, { mode: 0o600 })
}

/** Calls `changed` when something happens in the directory, as far as the system tells; returns what ends it. */
export function watchSpool(directory: string, changed: () => void): () => void {
  try {
    const watcher = watch(directory, changed)
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => {}
  }
}
