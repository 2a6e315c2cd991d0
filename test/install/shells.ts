/** The shells that run the hook script somewhere as `sh`; a test of one that is missing here is skipped, and says so. */
import { describe } from 'bun:test'
import { skipUnless } from '../support/skipped.ts'

export interface Shell {
  readonly name: string
  readonly command: readonly string[]
}

const SHELLS: readonly Shell[] = [
  { name: 'dash', command: ['dash'] },
  { name: 'bash', command: ['bash'] },
  { name: 'bash as sh', command: ['bash', '--posix'] },
  { name: 'zsh as sh', command: ['zsh', '--emulate', 'sh'] },
  { name: 'busybox sh', command: ['busybox', 'sh'] },
]

/** Describes the same for every shell. */
export function describeInEachShell(what: string, tests: (shell: Shell) => void): void {
  for (const shell of SHELLS) {
    const isInstalled = Bun.which(shell.command[0] ?? '') !== null
    describe.skipIf(skipUnless(isInstalled, `${what}, in ${shell.name}: not installed`))(
      `${what}, in ${shell.name}`,
      () => tests(shell),
    )
  }
}
