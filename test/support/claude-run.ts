/** One run of `claude -p`: a prompt in, an answer out. */
import { within } from './within.ts'

export interface ClaudeRunOptions {
  readonly binary: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly prompt: string
  readonly args?: readonly string[]
}

export class ClaudeRun {
  readonly #process: Bun.Subprocess<'ignore', 'pipe', 'pipe'>
  readonly #stdout: Promise<string>
  readonly #stderr: Promise<string>

  constructor({ binary, cwd, env, prompt, args = [] }: ClaudeRunOptions) {
    this.#process = Bun.spawn([binary, '-p', prompt, ...args], {
      cwd,
      env,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    this.#stdout = this.#process.stdout.text()
    this.#stderr = this.#process.stderr.text()
  }

  get pid(): number {
    return this.#process.pid
  }

  /** The printed answer; fails when Claude does, or after `ms` milliseconds. */
  async answer(ms = 30_000): Promise<string> {
    const code = await this.exited(ms)
    if (code !== 0) throw new Error(`claude -p left with ${code}:\n${await this.#stdout}${await this.#stderr}`)
    return (await this.#stdout).trim()
  }

  /** The exit code; fails after `ms` milliseconds. */
  exited(ms = 30_000): Promise<number> {
    return within(ms, this.#process.exited, () => 'claude -p is still there')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill('SIGKILL')
    await this.#process.exited
  }
}
