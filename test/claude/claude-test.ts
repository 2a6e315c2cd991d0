/** Runs a test with the real Claude Code of every version, against our server and the scripted model. */
import type { ClaudeVersion } from '../support/claude-binaries.ts'
import { ClaudeProgram } from '../support/claude-program.ts'
import { Terminal } from '../support/terminal.ts'
import { furnished, Machine } from './machine.ts'
import { realTest } from './real-claude.ts'

/** A machine whose user works with Claude in terminals. */
export class ClaudeWorld extends Machine {
  static async create(version: ClaudeVersion): Promise<ClaudeWorld> {
    return new ClaudeWorld(await furnished(version))
  }

  /** Starts Claude in a terminal, and waits until it takes prompts. */
  readonly interactive = async (...args: string[]): Promise<Terminal> => {
    const { binary, ...place } = this.claude()
    const mode = args.includes('--permission-mode') ? [] : ['--permission-mode', 'default']
    const terminal = this.resources.use(new Terminal({ command: [binary, ...mode, ...args], ...place }))
    await terminal.waitForText(/^❯/m)
    return terminal
  }

  /** Starts `claude -p` for somebody else's program, which writes to it. */
  readonly program = (...args: string[]): ClaudeProgram =>
    this.resources.use(new ClaudeProgram({ ...this.claude(), args }))
}

/** Declares a test that every version has to pass, or those that are named, in a world of its own. */
export function claudeTest(
  name: string,
  body: (world: ClaudeWorld) => Promise<void>,
  versions?: readonly ClaudeVersion[],
): void {
  realTest({ name: `: ${name}`, open: ClaudeWorld.create, body, versions })
}
