import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { findRepository } from '../../src/git/repository.ts'
import { git, Repositories } from '../support/repositories.ts'

const repositories = new Repositories()
afterAll(() => repositories[Symbol.dispose]())
const { home } = repositories

describe('the repository of a directory', () => {
  test('is found from its root, from below, through a symbolic link, and with odd characters in its path', async () => {
    const root = repositories.make('with space\nand "line"')
    mkdirSync(`${root}/deep/down`, { recursive: true })
    symlinkSync(`${root}/deep`, `${home}/link`)
    const main = { root, mainRoot: root, gitDirectory: `${root}/.git`, commonDirectory: `${root}/.git` }
    expect(await findRepository(root)).toEqual(main)
    expect(await findRepository(`${root}/deep/down`)).toEqual(main)
    expect(await findRepository(`${home}/link/down`)).toEqual(main)
  })

  test('of a linked worktree is the one it was made from', async () => {
    const root = repositories.make('linked\nfrom')
    git(root, 'worktree', 'add', '-q', '-b', 'second', `${home}/linked\nhere`)
    expect(await findRepository(`${home}/linked\nhere`)).toEqual({
      root: `${home}/linked\nhere`,
      mainRoot: root,
      gitDirectory: `${root}/.git/worktrees/linked-here`,
      commonDirectory: `${root}/.git`,
    })
  })

  test('of a submodule is its own, also of a worktree of it', async () => {
    const library = repositories.make('library')
    const root = repositories.make('uses-library')
    git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib')
    const gitDirectory = `${root}/.git/modules/lib`
    const submodule = { root: `${root}/lib`, mainRoot: `${root}/lib`, gitDirectory, commonDirectory: gitDirectory }
    expect(await findRepository(`${root}/lib`)).toEqual(submodule)
    git(`${root}/lib`, 'worktree', 'add', '-q', '-b', 'fix', `${home}/lib-fix`)
    expect(await findRepository(`${home}/lib-fix`)).toMatchObject({ root: `${home}/lib-fix`, mainRoot: `${root}/lib` })
  })

  test('may be bare, with worktrees around or beside it', async () => {
    const source = repositories.make('source')
    git(home, 'clone', '-q', '--bare', source, 'bare.git')
    mkdirSync(`${home}/around`)
    git(home, 'clone', '-q', '--bare', source, 'around/.bare')
    git(`${home}/around/.bare`, 'worktree', 'add', '-q', `${home}/around/main`, 'main')
    expect(await findRepository(`${home}/bare.git`)).toMatchObject({ root: null, mainRoot: `${home}/bare.git` })
    expect(await findRepository(`${home}/around/main`)).toMatchObject({
      root: `${home}/around/main`,
      mainRoot: `${home}/around`,
    })
  })

  test('is none outside, nor where something is only called .git', async () => {
    mkdirSync(`${home}/empty/.git`, { recursive: true })
    mkdirSync(`${home}/broken`)
    writeFileSync(`${home}/broken/.git`, 'gitdir: /nowhere/at/all\n')
    mkdirSync(`${home}/piped/.git`, { recursive: true })
    Bun.spawnSync(['mkfifo', `${home}/piped/.git/HEAD`])
    for (const name of ['empty', 'broken', 'piped']) expect(await findRepository(`${home}/${name}`)).toBeNull()
  })

  test('is unknown when the directory has gone', async () => {
    const root = repositories.make('moved')
    renameSync(root, `${root}-away`)
    await expect(findRepository(root)).rejects.toThrow('ENOENT')
  })
})
