/** The branch that is checked out in a directory, read from git's own files: no process is started. */
import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** Directories between a session's directory and the root of its repository. */
const PARENTS_MAX = 64
/** A HEAD file holds one line. */
const HEAD_BYTES_MAX = 4_096

/** Name of the branch; `HEAD` when none is checked out; null outside of a repository. Never rejects. */
export async function gitBranch(directory: string): Promise<string | null> {
  try {
    const head = await readHead(directory)
    if (head === undefined) return null
    return /^ref: refs\/heads\/(.+)$/.exec(head)?.[1] ?? 'HEAD'
  } catch {
    return null
  }
}

async function readHead(start: string): Promise<string | undefined> {
  let directory = resolve(start)
  for (let parents = 0; parents < PARENTS_MAX; parents++) {
    const git = join(directory, '.git')
    const found = await stat(git).catch(() => undefined)
    if (found) return readLine(join(found.isDirectory() ? git : await linkedDirectory(git), 'HEAD'))
    const parent = dirname(directory)
    if (parent === directory) return undefined
    directory = parent
  }
  return undefined
}

/** In a linked worktree and in a submodule `.git` is a file that names the directory. */
async function linkedDirectory(file: string): Promise<string> {
  const line = await readLine(file)
  return resolve(dirname(file), line.replace(/^gitdir: /, ''))
}

async function readLine(file: string): Promise<string> {
  const text = await readFile(file, 'utf8')
  return text.slice(0, HEAD_BYTES_MAX).split('\n', 1).join('').trim()
}
