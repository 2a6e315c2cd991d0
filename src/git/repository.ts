/** Finds the repository of a directory from git's own files, which `gitrepository-layout(5)` describes: no process is started. */
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CONFIG_BYTES_MAX, LINE_FILE_BYTES_MAX, PARENTS_MAX } from './limits.ts'
import { trySmallFile } from './small-file.ts'

export interface Repository {
  /** Top directory of the files that are checked out; null in a bare repository. */
  readonly root: string | null
  /** Top directory of the main worktree, also in a linked one; of a bare repository, its own directory. */
  readonly mainRoot: string
  /** Where HEAD and the index of this worktree are. */
  readonly gitDirectory: string
  /** Where branches and settings are, which all worktrees share. */
  readonly commonDirectory: string
}

/**
 * The repository that a directory lies in, all paths without symbolic links; null where there is none. Rejects when the
 * directory cannot be reached.
 */
export async function findRepository(directory: string): Promise<Repository | null> {
  let candidate = await realpath(directory)
  for (let parents = 0; parents < PARENTS_MAX; parents++) {
    const found = (await checkedOutAt(candidate)) ?? (await bareAt(candidate))
    if (found) return found
    const parent = dirname(candidate)
    if (parent === candidate) break
    candidate = parent
  }
  return null
}

async function checkedOutAt(root: string): Promise<Repository | null> {
  const gitDirectory = await gitDirectoryOf(join(root, '.git'))
  if (gitDirectory === null || !(await isFile(join(gitDirectory, 'HEAD')))) return null
  const common = await trySmallFile(join(gitDirectory, 'commondir'), LINE_FILE_BYTES_MAX)
  if (common === null) return { root, mainRoot: root, gitDirectory, commonDirectory: gitDirectory }
  const commonDirectory = resolve(gitDirectory, withoutLineEnd(common))
  return { root, mainRoot: await mainRootOf(commonDirectory), gitDirectory, commonDirectory }
}

/** In a linked worktree and in a submodule `.git` is a file that names the directory. */
async function gitDirectoryOf(path: string): Promise<string | null> {
  if (await isDirectory(path)) return path
  const line = await trySmallFile(path, LINE_FILE_BYTES_MAX)
  if (line === null || !line.startsWith('gitdir: ')) return null
  const named = resolve(dirname(path), withoutLineEnd(line.slice('gitdir: '.length)))
  return await realpath(named).catch(() => null)
}

async function bareAt(directory: string): Promise<Repository | null> {
  const isBare =
    (await isFile(join(directory, 'HEAD'))) &&
    (await isDirectory(join(directory, 'objects'))) &&
    (await isDirectory(join(directory, 'refs')))
  if (!isBare) return null
  return { root: null, mainRoot: ownerOf(directory), gitDirectory: directory, commonDirectory: directory }
}

/** Git notes it for submodules only. */
async function mainRootOf(commonDirectory: string): Promise<string> {
  const config = await trySmallFile(join(commonDirectory, 'config'), CONFIG_BYTES_MAX)
  const noted = /^\s*worktree\s*=\s*(\S.*?)\s*$/m.exec(config ?? '')?.[1]
  return noted === undefined ? ownerOf(commonDirectory) : resolve(commonDirectory, noted)
}

/** Whoever calls the directory `.git` or `.bare` means the one around it. */
function ownerOf(commonDirectory: string): string {
  return basename(commonDirectory).startsWith('.') ? dirname(commonDirectory) : commonDirectory
}

/** A path may contain line ends itself. */
function withoutLineEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '')
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found?.isDirectory() === true
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() === true
}
