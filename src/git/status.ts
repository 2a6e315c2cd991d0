/** Asks git whether a worktree has changes that are not committed. */
import { withoutFilters } from './filters.ts'
import { type Head, headOf } from './head.ts'
import type { Repository } from './repository.ts'
import { type GitLimits, type GitResult, runGit } from './run-git.ts'

export interface Status {
  /** Whether files are changed, staged or untracked; null when git does not tell. */
  readonly dirty: boolean | null
  /** What is checked out, in git's words; null when it does not tell. */
  readonly head: Head | null
  /** Why git does not tell, for the log; null when it does. */
  readonly trouble: string | null
}

/** Changes within submodules are those of other repositories, which git would look at without our precautions. */
const WORDS = [
  ...['status', '--porcelain=v2', '-z', '--branch', '--no-ahead-behind'],
  ...['--untracked-files=normal', '--ignore-submodules=dirty', '--no-renames'],
]

/** Null where there are no files to look at, or the signal has ended the look. Never rejects. */
export async function readStatus(repository: Repository, limits: GitLimits): Promise<Status | null> {
  const { root } = repository
  if (root === null) return null
  const settings = await withoutFilters(repository, limits)
  if (settings === null) return unknown('its settings name filters that cannot be switched off')
  return statusOf(await runGit({ root, words: [...settings, `--work-tree=${root}`, ...WORDS], limits }))
}

function statusOf(result: GitResult): Status | null {
  switch (result.outcome) {
    case 'cut':
      return statusIn(result.output)
    case 'done':
      if (result.exitCode === 0) return statusIn(result.output)
      return unknown(result.complaint.trim() || `git ended with ${result.exitCode}`)
    case 'slow':
      return unknown('git takes too long in this repository')
    case 'missing':
      return unknown('there is no git in PATH')
    case 'stopped':
      return null
  }
}

function unknown(trouble: string): Status {
  return { dirty: null, head: null, trouble }
}

/** Headers begin with `#`; whatever comes behind them is a change. See git-status(1), porcelain format version 2. */
function statusIn(output: string): Status {
  const records = output.split('\0').filter(Boolean)
  const header = (name: string) => {
    const start = `# branch.${name} `
    return records.find((record) => record.startsWith(start))?.slice(start.length)
  }
  const [branch, oid] = [header('head'), header('oid')]
  const sha = oid === undefined || oid === '(initial)' ? null : oid
  return {
    dirty: records.some((record) => !record.startsWith('# ')),
    head: branch === undefined ? null : headOf(branch === '(detached)' ? null : branch, sha),
    trouble: null,
  }
}
