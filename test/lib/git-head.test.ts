import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitBranch } from '../../src/lib/git-head.ts'

const root = mkdtempSync(join(tmpdir(), 'git-head-'))
afterAll(() => rmSync(root, { recursive: true }))

const repository = join(root, 'repository')
const git = (...words: string[]) => {
  const { exitCode, stderr } = Bun.spawnSync(['git', '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
    cwd: repository,
  })
  if (exitCode !== 0) throw new Error(stderr.toString())
}
mkdirSync(join(repository, 'deep', 'down'), { recursive: true })
git('init', '-q', '-b', 'feature/one')

describe('git branch', () => {
  test('of a repository without commits, also from below its root', async () => {
    expect(await gitBranch(repository)).toBe('feature/one')
    expect(await gitBranch(join(repository, 'deep', 'down'))).toBe('feature/one')
  })
  test('of a linked worktree, and HEAD when none is checked out', async () => {
    git('commit', '-q', '--allow-empty', '-m', 'first')
    git('worktree', 'add', '-q', '-b', 'second', join(root, 'linked'))
    expect(await gitBranch(join(root, 'linked'))).toBe('second')
    git('checkout', '-q', '--detach')
    expect(await gitBranch(repository)).toBe('HEAD')
  })
  test('is null outside of a repository and where nothing is', async () => {
    expect(await gitBranch(root)).toBeNull()
    expect(await gitBranch(join(root, 'nowhere', 'at', 'all'))).toBeNull()
  })
})
