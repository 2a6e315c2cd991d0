import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { STATUS_BYTES_MAX } from '../../src/git/limits.ts'
import { findRepository } from '../../src/git/repository.ts'
import type { GitLimits } from '../../src/git/run-git.ts'
import { readStatus } from '../../src/git/status.ts'
import { commitAll, git, Repositories } from '../support/repositories.ts'
import { IS_ROOT, skipUnless } from '../support/skipped.ts'

const repositories = new Repositories()
afterAll(() => repositories[Symbol.dispose]())
const { home } = repositories

const LONG_NAME = 'n'.repeat(240)
/** A busy machine. */
const PATIENCE_MS = 30_000
setDefaultTimeout(PATIENCE_MS)

async function statusOf(directory: string, limits: Partial<GitLimits> = {}) {
  const repository = await findRepository(directory)
  if (!repository) throw new Error(`no repository at ${directory}`)
  return await readStatus(repository, { signal: new AbortController().signal, deadlineMs: PATIENCE_MS, ...limits })
}
const dirtyAt = async (directory: string) => (await statusOf(directory))?.dirty

/** A program that leaves a mark when somebody runs it. */
function trap(name: string, then = 'cat') {
  const [mark, path] = [join(home, `${name}-has-run`), join(home, name)]
  writeFileSync(path, `#!/bin/sh\ntouch '${mark}'\n${then}\n`)
  chmodSync(path, 0o755)
  return { path, hasRun: () => existsSync(mark) }
}

/** Git compares the content of a file whose times have changed. */
function doubt(file: string): void {
  utimesSync(file, 1, 1)
}

describe('a worktree', () => {
  test('is clean after a commit, and dirty when a file is changed, staged, removed or new', async () => {
    const root = repositories.make('plain')
    expect(await statusOf(root)).toEqual({
      dirty: false,
      head: { branch: 'main', sha: git(root, 'rev-parse', 'HEAD') },
      trouble: null,
    })
    appendFileSync(`${root}/a.txt`, 'two\n')
    expect(await dirtyAt(root)).toBe(true)
    git(root, 'add', 'a.txt')
    expect(await dirtyAt(root)).toBe(true)
    commitAll(root)
    expect(await dirtyAt(root)).toBe(false)
    writeFileSync(Buffer.from(`${root}/\xff\n.txt`, 'latin1'), '')
    expect(await dirtyAt(root)).toBe(true)
    commitAll(root)
    rmSync(`${root}/a.txt`)
    expect(await dirtyAt(root)).toBe(true)
  })

  test('is told of as such, not the directory that its settings name instead', async () => {
    const root = repositories.make('elsewhere')
    git(root, 'config', 'core.worktree', home)
    expect(await dirtyAt(root)).toBe(false)
  })

  test('may be linked, a submodule, or without commits', async () => {
    const root = repositories.make('parent')
    git(root, 'worktree', 'add', '-q', '-b', 'second', `${home}/linked`)
    expect(await dirtyAt(`${home}/linked`)).toBe(false)
    repositories.write('linked', 'new.txt', '')
    expect([await dirtyAt(`${home}/linked`), await dirtyAt(root)]).toEqual([true, false])
    git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repositories.make('library'), 'lib')
    commitAll(root)
    repositories.write('parent/lib', 'new.txt', '')
    expect([await dirtyAt(`${root}/lib`), await dirtyAt(root)]).toEqual([true, false])
    git(home, 'init', '-q', '-b', 'main', 'empty')
    expect(await statusOf(`${home}/empty`)).toMatchObject({ dirty: false, head: { branch: 'main', sha: null } })
  })

  test('with more changes than are read is dirty', async () => {
    const root = repositories.make('crowded')
    for (let index = 0; index * LONG_NAME.length < 2 * STATUS_BYTES_MAX; index++) {
      writeFileSync(`${root}/${LONG_NAME}${index}`, '')
    }
    expect(await dirtyAt(root)).toBe(true)
  })

  test('is not looked at once nobody wants to know, and nothing is said about it', async () => {
    const root = repositories.make('unwanted')
    expect(await statusOf(root, { signal: AbortSignal.abort() })).toBeNull()
  })

  test('that git refuses is unknown, with git’s reason', async () => {
    const root = repositories.make('refused')
    appendFileSync(`${root}/.git/config`, '[extensions]\nunheardOf = true\n[core]\nrepositoryformatversion = 1\n')
    expect(await statusOf(root)).toMatchObject({ dirty: null, trouble: expect.stringContaining('unheardof') })
  })
})

describe('looking at a worktree', () => {
  test('writes nothing into its repository', async () => {
    const root = repositories.make('untouched')
    doubt(`${root}/a.txt`)
    const state = () => [readdirSync(`${root}/.git`), statSync(`${root}/.git/index`).mtimeMs]
    const before = state()
    expect(await dirtyAt(root)).toBe(false)
    expect(state()).toEqual(before)
  })

  test('runs no program that the repository names: file monitor, hooks', async () => {
    const root = repositories.make('monitored')
    const [monitor, hook] = [trap('monitor'), trap('post-index-change')]
    git(root, 'config', 'core.fsmonitor', monitor.path)
    git(root, 'config', 'core.hooksPath', home)
    doubt(`${root}/a.txt`)
    expect(await dirtyAt(root)).toBe(false)
    expect([monitor.hasRun(), hook.hasRun()]).toEqual([false, false])
    // The traps do work.
    git(root, 'status')
    expect([monitor.hasRun(), hook.hasRun()]).toEqual([true, true])
  })

  for (const [where, name] of [
    ['its settings', 'own'],
    ['a file that they include', 'included'],
    ['the settings of its worktree', 'worktree'],
  ] as const) {
    test(`runs no filter that the repository names in ${where}`, async () => {
      const root = repositories.make(`filtered-${name}`)
      writeFileSync(`${root}/.gitattributes`, '*.txt filter=Some.One\n')
      const filter = trap(`filter-${name}`)
      const section = `[core][filter "Some.One"]\nclean = ${filter.path}\nrequired\n`
      if (name === 'own') appendFileSync(`${root}/.git/config`, section)
      if (name === 'included') {
        writeFileSync(`${root}/.git/more`, section)
        appendFileSync(`${root}/.git/config`, '[include] path = more\n')
      }
      if (name === 'worktree') {
        git(root, 'config', 'extensions.worktreeConfig', 'true')
        writeFileSync(`${root}/.git/config.worktree`, section)
      }
      commitAll(root)
      rmSync(join(home, `filter-${name}-has-run`), { force: true })
      doubt(`${root}/a.txt`)
      expect(await dirtyAt(root)).toBe(false)
      expect(filter.hasRun()).toBe(false)
      git(root, 'status')
      expect(filter.hasRun()).toBe(true)
    })
  }

  test('is given up where a filter has a name that cannot be switched off', async () => {
    const root = repositories.make('tricky')
    const filter = trap('tricky-filter')
    writeFileSync(`${root}/.gitattributes`, '*.txt filter=a=b\n')
    appendFileSync(`${root}/.git/config`, `[filter "a=b"]\nclean = ${filter.path}\n`)
    doubt(`${root}/a.txt`)
    expect(await statusOf(root)).toEqual({
      dirty: null,
      head: null,
      trouble: 'its settings name filters that cannot be switched off',
    })
    expect(filter.hasRun()).toBe(false)
  })

  test('fetches nothing that a partial clone lacks', async () => {
    const root = repositories.make('partial')
    const helper = trap('fetch', 'exit 1')
    for (const setting of [
      ['core.repositoryformatversion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', `ext::${helper.path}`],
      ['protocol.ext.allow', 'always'],
    ] as const)
      git(root, 'config', ...setting)
    const tree = git(root, 'rev-parse', 'HEAD^{tree}')
    rmSync(`${root}/.git/objects/${tree.slice(0, 2)}/${tree.slice(2)}`)
    doubt(`${root}/a.txt`)
    await dirtyAt(root)
    expect(helper.hasRun()).toBe(false)
    expect(() => git(root, 'status')).toThrow()
    expect(helper.hasRun()).toBe(true)
  })
})

describe('a git that does not answer', () => {
  const path = process.env.PATH
  afterEach(() => {
    process.env.PATH = path
  })

  test('is none', async () => {
    const root = repositories.make('alone')
    process.env.PATH = `${home}/nowhere:.`
    expect(await statusOf(root)).toEqual({ dirty: null, head: null, trouble: 'there is no git in PATH' })
  })

  test('is stopped after a while, with whatever it has started', async () => {
    const root = repositories.make('slow')
    mkdirSync(`${home}/slow-git`)
    writeFileSync(`${home}/slow-git/git`, `#!/bin/sh\nsleep 60 &\nwait\n`)
    chmodSync(`${home}/slow-git/git`, 0o755)
    process.env.PATH = `${home}/slow-git:${path}`
    // Its child holds the stream that is read to the end.
    const status = await statusOf(root, { deadlineMs: 500 })
    expect(status).toEqual({ dirty: null, head: null, trouble: 'git takes too long in this repository' })
  })

  test('is not run with what the server was started with', async () => {
    const root = repositories.make('own-environment')
    Object.assign(process.env, { GIT_DIR: `${home}/nowhere`, GIT_INDEX_FILE: `${home}/no-index` })
    try {
      expect(await dirtyAt(root)).toBe(false)
    } finally {
      delete process.env.GIT_DIR
      delete process.env.GIT_INDEX_FILE
    }
  })
})

test.skipIf(skipUnless(IS_ROOT, 'a repository of another user: needs root to give one away'))(
  'the files of another user are not looked at, and the log says why',
  async () => {
    const root = repositories.make('of-another')
    Bun.spawnSync(['chown', '-R', '12345', root])
    expect(await statusOf(root)).toMatchObject({ dirty: null, trouble: expect.stringContaining('dubious ownership') })
  },
)
