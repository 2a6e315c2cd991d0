/** Real repositories for tests, with no settings but their own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class Repositories implements Disposable {
  /** A directory that is in no repository. */
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), 'repositories-')))

  /** Makes a repository with one file and one commit on `main`; answers its directory. */
  make(name: string): string {
    const root = this.path(name)
    mkdirSync(root, { recursive: true })
    git(root, 'init', '-q', '-b', 'main')
    this.write(name, 'a.txt', 'one\n')
    commitAll(root)
    return root
  }

  path(...names: string[]): string {
    return join(this.home, ...names)
  }

  write(repository: string, file: string, text: string): void {
    writeFileSync(this.path(repository, file), text)
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true })
  }
}

/** Commits everything in a worktree. */
export function commitAll(root: string): void {
  git(root, 'add', '-A')
  git(root, 'commit', '-q', '-m', 'a commit')
}

/** Runs git as a user would in a terminal; answers what it says. */
export function git(root: string, ...words: string[]): string {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: '/nowhere',
    GIT_CONFIG_NOSYSTEM: '1',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'Ada'],
        [`GIT_${who}_EMAIL`, 'a@b'],
      ]),
    ),
  }
  const { exitCode, stdout, stderr } = Bun.spawnSync(['git', ...words], { cwd: root, env })
  if (exitCode !== 0) throw new Error(`git ${words.join(' ')}: ${stderr}`)
  return stdout.toString().trim()
}
