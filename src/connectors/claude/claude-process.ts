/** One process of Claude Code: lines in, lines out, and an end that leaves nothing behind. */
import { existsSync } from 'node:fs'
import type { Subprocess } from 'bun'
import {
  CLAUDE_EOF_GRACE_MS,
  CLAUDE_INPUT_CHARS_MAX,
  CLAUDE_LINE_BYTES_MAX,
  CLAUDE_STDERR_BYTES_MAX,
  CLAUDE_TERM_GRACE_MS,
} from '../../lib/limits.ts'
import { TextTail } from '../../lib/text-tail.ts'
import { LineSplitter } from '../../transcripts/line-splitter.ts'
import { AgentError } from '../connector.ts'

export interface ClaudeProcessStart {
  /** The program and its arguments. */
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Called for each line of its output; null for one that was too long to keep. */
  onLine(line: string | null): void
}

export interface ClaudeExit {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: string | number | null
  /** The end of what it complained about. */
  readonly stderr: string
}

export class ClaudeProcess {
  /** Settles when the process is gone and its output read. */
  readonly exited: Promise<ClaudeExit>
  readonly #process: Subprocess<'pipe', 'pipe', 'pipe'>
  readonly #onLine: (line: string | null) => void
  readonly #stderr = new TextTail(CLAUDE_STDERR_BYTES_MAX)
  #unread = 0
  #isGone = false

  /** Starts it as the leader of a process group. Throws AgentError when the system cannot. */
  constructor({ command, cwd, env, onLine }: ClaudeProcessStart) {
    this.#onLine = onLine
    try {
      this.#process = Bun.spawn([...command], {
        cwd,
        env,
        stdin: 'pipe',
        stdout: 'pipe',
        stderr: 'pipe',
        // What it starts can be ended with it.
        detached: true,
      })
    } catch (error) {
      if (!existsSync(cwd))
        throw new AgentError(`The directory ${cwd} is gone. Put it back, or begin a session elsewhere.`)
      const reason = error instanceof Error ? error.message : 'unknown'
      throw new AgentError(`Claude Code (${command[0]}) could not be started in ${cwd}: ${reason}`)
    }
    this.exited = this.#run()
  }

  get pid(): number {
    return this.#process.pid
  }

  /** Writes lines to its input. False when it does not read them, or is gone. */
  write(lines: string): boolean {
    if (this.#isGone || this.#unread > CLAUDE_INPUT_CHARS_MAX) return false
    this.#unread += lines.length
    void this.#send(lines)
    return true
  }

  /** Closes its input, asks it to end, and ends it; `gently` gives it time after the first. Settles when it is gone. */
  async stop(gently: boolean): Promise<void> {
    // A pipe that broke is closed.
    await Promise.resolve(this.#process.stdin.end()).catch(() => {})
    if (gently && (await this.#isGoneWithin(CLAUDE_EOF_GRACE_MS))) return
    this.#signal('SIGTERM')
    if (!(await this.#isGoneWithin(CLAUDE_TERM_GRACE_MS))) this.#signal('SIGKILL')
    await this.exited
  }

  async #send(lines: string): Promise<void> {
    try {
      await this.#process.stdin.write(lines)
      await this.#process.stdin.flush()
    } catch {
      // It is going: `exited` tells.
    } finally {
      this.#unread -= lines.length
    }
  }

  async #run(): Promise<ClaudeExit> {
    const output = Promise.all([this.#readLines(), this.#readComplaints()])
    const code = await this.#process.exited
    this.#isGone = true
    // Whatever it had started goes with it, and with them the last who could hold its output open.
    this.#signal('SIGKILL')
    await Promise.race([output, Bun.sleep(CLAUDE_TERM_GRACE_MS)])
    const { signalCode: signal } = this.#process
    return { code: signal === null ? code : null, signal, stderr: this.#stderr.newest(CLAUDE_STDERR_BYTES_MAX).trim() }
  }

  async #readLines(): Promise<void> {
    const splitter = new LineSplitter(0, CLAUDE_LINE_BYTES_MAX)
    for await (const chunk of this.#process.stdout)
      for (const { text } of splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)))
        this.#onLine(text)
  }

  async #readComplaints(): Promise<void> {
    const decoder = new TextDecoder()
    for await (const chunk of this.#process.stderr) this.#stderr.add(decoder.decode(chunk, { stream: true }))
  }

  async #isGoneWithin(ms: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), ms)
    const isGone = await Promise.race([this.exited.then(() => true), late])
    clearTimeout(timer)
    return isGone
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    try {
      process.kill(-this.#process.pid, signal)
    } catch {
      // Nobody is left.
    }
  }
}
