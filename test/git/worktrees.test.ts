import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { Worktrees } from '../../src/git/worktrees.ts'
import type { SeenRepository } from '../../src/session/events.ts'
import { commitAll, git, Repositories } from '../support/repositories.ts'
import { Changes } from '../support/within.ts'

const repositories = new Repositories()
afterAll(() => repositories[Symbol.dispose]())

/** A worktree is left alone for a multiple of the time that a look at it takes, which is long on a busy machine. */
const PATIENCE_MS = 60_000
setDefaultTimeout(PATIENCE_MS)

type Facts = SeenRepository | null

/** Hears what is told of each follower. */
class Listener {
  readonly latest = new Map<string, Facts>()
  readonly notes: string[] = []
  told = 0
  readonly worktrees = new Worktrees({
    told: (follower, facts) => {
      this.told++
      this.latest.set(follower, facts)
      this.#changes.announce()
    },
    noted: (event, { reason }) => this.notes.push(`${event} ${reason}`),
  })
  readonly #changes = new Changes()

  /** Settles when what is known of the follower is as wanted. */
  readonly until = async (follower: string, wanted: (facts: Facts) => boolean): Promise<void> => {
    const isThere = () => {
      const facts = this.latest.get(follower)
      return (facts !== undefined && wanted(facts)) || undefined
    }
    const complain = () => `${follower}: ${JSON.stringify(this.latest.get(follower))}`
    await this.#changes.until(isThere, PATIENCE_MS, complain)
  }

  readonly untilDirty = (follower: string, dirty: boolean) => this.until(follower, (facts) => facts?.dirty === dirty)
}

let listener = new Listener()
const listen = () => {
  listener = new Listener()
  return listener
}
afterEach(() => listener.worktrees.close())

describe('a follower', () => {
  test('hears of the branch, the main worktree and the changes of its own', async () => {
    const root = repositories.make('main')
    git(root, 'worktree', 'add', '-q', '-b', 'second', repositories.path('linked'))
    repositories.write('linked', 'new.txt', '')
    const { worktrees, latest, untilDirty } = listen()
    worktrees.follow('one', root)
    worktrees.follow('two', repositories.path('linked'))
    await untilDirty('one', false)
    await untilDirty('two', true)
    const sha = git(root, 'rev-parse', 'HEAD')
    expect(latest.get('one')).toEqual({ branch: 'main', sha, repositoryRoot: root, worktreePath: null, dirty: false })
    expect(latest.get('two')).toEqual({
      branch: 'second',
      sha,
      repositoryRoot: root,
      worktreePath: repositories.path('linked'),
      dirty: true,
    })
  })

  test('hears of another branch and of a commit though nobody touched anything here', async () => {
    const root = repositories.make('watched')
    const { worktrees, until, untilDirty } = listen()
    worktrees.follow('one', root)
    await untilDirty('one', false)
    git(root, 'checkout', '-q', '-b', 'feature')
    await until('one', (facts) => facts?.branch === 'feature')
    repositories.write('watched', 'a.txt', 'changed')
    commitAll(root)
    const sha = git(root, 'rev-parse', 'HEAD')
    await until('one', (facts) => facts?.sha === sha)
  })

  test('hears of changed files once they are said to be touched', async () => {
    const root = repositories.make('touched')
    const { worktrees, untilDirty } = listen()
    worktrees.follow('one', root)
    await untilDirty('one', false)
    repositories.write('touched', 'a.txt', 'changed')
    worktrees.touched('one')
    await untilDirty('one', true)
  })

  test('that moves hears of the other repository, and of none where there is none', async () => {
    const [first, second] = [repositories.make('first'), repositories.make('second')]
    const { worktrees, until } = listen()
    worktrees.follow('one', first)
    await until('one', (facts) => facts?.repositoryRoot === first)
    worktrees.follow('one', second)
    await until('one', (facts) => facts?.repositoryRoot === second)
    worktrees.follow('one', repositories.home)
    await until('one', (facts) => facts === null)
  })

  test('hears of a repository that is made where none was, and that one was removed', async () => {
    mkdirSync(repositories.path('late'))
    const { worktrees, until } = listen()
    worktrees.follow('one', repositories.path('late'))
    await until('one', (facts) => facts === null)
    repositories.make('late')
    worktrees.touched('one')
    await until('one', (facts) => facts?.branch === 'main' && facts.dirty === false)
    rmSync(repositories.path('late', '.git'), { recursive: true })
    worktrees.touched('one')
    await until('one', (facts) => facts === null)
  })

  test('keeps what it knew of a directory that has gone', async () => {
    const root = repositories.make('going')
    const other = repositories.make('staying')
    const { worktrees, latest, untilDirty, notes } = listen()
    worktrees.follow('one', root)
    worktrees.follow('two', other)
    await untilDirty('one', false)
    await untilDirty('two', false)
    const known = latest.get('one')
    renameSync(root, `${root}-away`)
    worktrees.touched('one')
    repositories.write('staying', 'new.txt', '')
    worktrees.touched('two')
    await untilDirty('two', true)
    expect(latest.get('one')).toEqual(known)
    expect(notes).toEqual([])
  })

  test('that is forgotten hears no more', async () => {
    const root = repositories.make('forgotten')
    const { worktrees, latest, untilDirty } = listen()
    for (const id of ['one', 'two']) worktrees.follow(id, root)
    await untilDirty('two', false)
    const known = latest.get('one')
    worktrees.forget('one')
    repositories.write('forgotten', 'new.txt', '')
    worktrees.touched('one')
    worktrees.touched('two')
    await untilDirty('two', true)
    expect(latest.get('one')).toEqual(known)
  })
})

test('many followers of one worktree cost as much as one', async () => {
  const root = repositories.make('shared')
  const ids = Array.from({ length: 50 }, (_, index) => `session-${index}`)
  const { worktrees, untilDirty } = listen()
  for (const id of ids) worktrees.follow(id, root)
  for (const id of ids) await untilDirty(id, false)
  const before = listener.told
  repositories.write('shared', 'new.txt', '')
  for (const id of ids) worktrees.touched(id)
  for (const id of ids) await untilDirty(id, true)
  expect(listener.told - before).toBe(ids.length)
})

test('trouble with a worktree is noted once, and its branch is told all the same', async () => {
  const root = repositories.make('broken')
  git(root, 'config', 'core.repositoryformatversion', '999')
  const { worktrees, until, notes } = listen()
  worktrees.follow('one', root)
  await until('one', (facts) => facts?.dirty === null)
  worktrees.forget('one')
  worktrees.follow('one', root)
  await until('one', (facts) => facts?.branch === 'main' && facts.dirty === null)
  expect(notes).toEqual([expect.stringContaining('git.status.unknown fatal: Expected git repo version')])
})
