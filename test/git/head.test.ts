import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readHead } from '../../src/git/head.ts'
import { git, Repositories } from '../support/repositories.ts'

const repositories = new Repositories()
afterAll(() => repositories[Symbol.dispose]())

const headOf = (gitDirectory: string, commonDirectory = gitDirectory) => readHead({ gitDirectory, commonDirectory })
const shaAt = (root: string) => git(root, 'rev-parse', 'HEAD')

describe('what is checked out', () => {
  test('is a branch, also before its first commit', async () => {
    const root = repositories.make('one')
    expect(await headOf(`${root}/.git`)).toEqual({ branch: 'main', sha: shaAt(root) })
    git(root, 'checkout', '-q', '--orphan', 'feature/new')
    expect(await headOf(`${root}/.git`)).toEqual({ branch: 'feature/new', sha: null })
  })

  test('is found when its refs are packed, beside others that end alike', async () => {
    const root = repositories.make('packed')
    git(root, 'branch', 'x/main')
    git(root, 'commit', '-q', '--allow-empty', '-m', 'another')
    git(root, 'pack-refs', '--all')
    expect(await headOf(`${root}/.git`)).toEqual({ branch: 'main', sha: shaAt(root) })
  })

  test('is the beginning of the commit where no branch is', async () => {
    const root = repositories.make('detached')
    git(root, 'checkout', '-q', '--detach')
    const sha = shaAt(root)
    expect(await headOf(`${root}/.git`)).toEqual({ branch: sha.slice(0, 7), sha })
  })

  test('of a linked worktree is its own', async () => {
    const root = repositories.make('main')
    git(root, 'worktree', 'add', '-q', '-b', 'second', repositories.path('linked'))
    expect(await headOf(`${root}/.git/worktrees/linked`, `${root}/.git`)).toEqual({
      branch: 'second',
      sha: shaAt(root),
    })
  })

  test('is left to git where it keeps branches in another way', async () => {
    mkdirSync(repositories.path('reftable'))
    writeFileSync(repositories.path('reftable', 'HEAD'), 'ref: refs/heads/.invalid\n')
    expect(await headOf(repositories.path('reftable'))).toBeNull()
  })

  test('is never read from outside of the repository', async () => {
    const root = repositories.make('curious')
    writeFileSync(repositories.path('secret'), `${'a'.repeat(40)}\n`)
    writeFileSync(`${root}/.git/HEAD`, 'ref: refs/heads/../../../../secret\n')
    expect((await headOf(`${root}/.git`))?.sha).toBeNull()
    writeFileSync(`${root}/.git/HEAD`, 'the words of a file that is no HEAD\n')
    expect(await headOf(`${root}/.git`)).toEqual({ branch: null, sha: null })
  })

  test('of a pipe is not waited for', async () => {
    mkdirSync(repositories.path('pipe'))
    Bun.spawnSync(['mkfifo', repositories.path('pipe', 'HEAD')])
    await expect(headOf(repositories.path('pipe'))).rejects.toThrow('not a small file')
  })
})
