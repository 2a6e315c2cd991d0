/** What is checked out in a worktree, from git's own files: no process is started. */
import { join } from 'node:path'
import { BRANCH_CHARS_MAX, LINE_FILE_BYTES_MAX, PACKED_REFS_BYTES_MAX, SHORT_SHA_CHARS } from './limits.ts'
import type { Repository } from './repository.ts'
import { readSmallFile, trySmallFile } from './small-file.ts'

export interface Head {
  /** The branch; where none is checked out, the beginning of the commit's name. */
  readonly branch: string | null
  /** The commit; null before the first one. */
  readonly sha: string | null
}

/** SHA-1 or SHA-256. */
const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/
/** What HEAD says where branches are kept in another format (reftable), which only git itself reads. */
const ELSEWHERE = 'refs/heads/.invalid'

/** Null where only git can tell. Rejects when there is no HEAD to read. */
export async function readHead(repository: Pick<Repository, 'gitDirectory' | 'commonDirectory'>): Promise<Head | null> {
  const line = (await readSmallFile(join(repository.gitDirectory, 'HEAD'), LINE_FILE_BYTES_MAX)).trim()
  const ref = /^ref:\s*(refs\/.+)$/.exec(line)?.[1]
  if (ref === ELSEWHERE) return null
  if (ref !== undefined) return headOf(branchOf(ref), await shaOf(ref, repository.commonDirectory))
  return headOf(null, SHA.test(line) ? line : null)
}

/** `branch` is null where none is checked out. */
export function headOf(branch: string | null, sha: string | null): Head {
  return { branch: branch?.slice(0, BRANCH_CHARS_MAX) ?? sha?.slice(0, SHORT_SHA_CHARS) ?? null, sha }
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '')
}

async function shaOf(ref: string, commonDirectory: string): Promise<string | null> {
  // A file of refs lies below the directory, whatever HEAD says.
  if (ref.split('/').includes('..')) return null
  const loose = (await trySmallFile(join(commonDirectory, ref), LINE_FILE_BYTES_MAX))?.trim()
  if (loose !== undefined) return SHA.test(loose) ? loose : null
  const packed = await trySmallFile(join(commonDirectory, 'packed-refs'), PACKED_REFS_BYTES_MAX)
  const end = packed?.indexOf(` ${ref}\n`) ?? -1
  const sha = end < 0 ? undefined : packed?.slice(packed.lastIndexOf('\n', end) + 1, end)
  return sha !== undefined && SHA.test(sha) ? sha : null
}
