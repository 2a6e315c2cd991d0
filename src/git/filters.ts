/** Which filters git shall not run, because the repository may have brought them. */
import { join } from 'node:path'
import { CONFIG_BYTES_MAX, FILTERS_MAX } from './limits.ts'
import type { Repository } from './repository.ts'
import { type GitLimits, runGit } from './run-git.ts'
import { readSmallFile } from './small-file.ts'

/** Where a repository may set up a filter: in its own sections, in files that it includes, in what Git LFS runs. */
const MENTIONS_FILTERS = /\[(filter|include|lfs[\s."]*extension)/i
/** Names that the command line can carry. */
const PLAIN_NAME = /^[^=\p{Cc}]+$/u

/**
 * The words that switch off all filters of a repository whose own settings mention any; none for others, where only the
 * filters run that the user has set up for every repository. Null when that cannot be done.
 */
export async function withoutFilters(repository: Repository, limits: GitLimits): Promise<readonly string[] | null> {
  if (!(await mentionsFilters(repository))) return []
  const words = ['config', '--null', '--name-only', '--get-regexp', '^filter\\.']
  const listed = await runGit({ root: repository.root ?? repository.gitDirectory, words, limits })
  // 1: there is none after all.
  if (listed.outcome !== 'done' || listed.exitCode > 1) return null
  const names = new Set(listed.output.split('\0').filter(Boolean).map(nameIn))
  if (names.size > FILTERS_MAX || ![...names].every((name) => PLAIN_NAME.test(name))) return null
  return [...names].flatMap(switchedOff)
}

async function mentionsFilters({ gitDirectory, commonDirectory }: Repository): Promise<boolean> {
  const paths = new Set([
    join(commonDirectory, 'config'),
    join(commonDirectory, 'config.worktree'),
    join(gitDirectory, 'config.worktree'),
  ])
  const texts = await Promise.all([...paths].map(configText))
  return texts.some((text) => text === null || MENTIONS_FILTERS.test(text))
}

/** Null for one that is there and cannot be read. */
async function configText(path: string): Promise<string | null> {
  try {
    return await readSmallFile(path, CONFIG_BYTES_MAX)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? '' : null
  }
}

/** The name in `filter.<name>.clean`. */
function nameIn(key: string): string {
  return key.slice('filter.'.length, key.lastIndexOf('.'))
}

function switchedOff(name: string): readonly string[] {
  const settings = ['clean=', 'process=', 'required=false']
  return settings.flatMap((setting) => ['-c', `filter.${name}.${setting}`])
}
