/** Decides which files may be read as transcripts: paths come from whoever posts a hook. */
import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'

/**
 * The path to open, without symbolic links; null unless it is a `.jsonl` file below one of the roots. The file need
 * not exist yet, nor the directories above it: what exists of them is followed, so that no link leads out of the roots.
 */
export async function allowedPath(path: string, roots: readonly string[]): Promise<string | null> {
  if (!isAbsolute(path) || !path.endsWith('.jsonl') || path.includes('\0')) return null
  const real = await realPath(resolve(path))
  for (const root of roots) {
    const place = await realPath(resolve(root))
    if (real.startsWith(place.endsWith(sep) ? place : place + sep)) return real.endsWith('.jsonl') ? real : null
  }
  return null
}

/** The path with the links resolved of as much of it as exists. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await realPath(parent), basename(path))
  }
}
