/** One command of a client: a process group of its own, with a deadline, whose output is kept within bounds. */
import type { ReadableStreamDefaultReader } from 'node:stream/web'
import type { Subprocess } from 'bun'
import { SHELL_FLOOD_PAUSE_MS, SHELL_KILL_GRACE_MS, SHELL_OUTPUT_BYTES_MAX } from '../lib/limits.ts'
import { jsonBytes, TextTail } from '../lib/text-tail.ts'

export interface ShellStart {
  readonly command: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** Called whenever there is more to see. */
  onOutput(): void
}

export interface ShellOutput {
  readonly stdout: string
  readonly stderr: string
}

export interface ShellResult extends ShellOutput {
  /** Null when it did not come to its own end, -1 when a signal ended it. */
  readonly exitCode: number | null
  readonly durationMs: number
}

/** What the original tells of a command that a signal has ended. */
const KILLED = -1

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>

export class ShellProcess {
  /** Resolves when the command and its output are over: what it leaves in the background may go on if it is silent. */
  readonly ended: Promise<ShellResult>
  readonly #process: Subprocess<'ignore', 'pipe', 'pipe'>
  readonly #onOutput: () => void
  readonly #readers: readonly [stdout: Reader, stderr: Reader]
  readonly #stdout = new TextTail(SHELL_OUTPUT_BYTES_MAX)
  readonly #stderr = new TextTail(SHELL_OUTPUT_BYTES_MAX)
  readonly #startedAt = performance.now()
  readonly #abandoned = Promise.withResolvers<void>()
  #timer: ReturnType<typeof setTimeout>
  /** Why it was stopped. */
  #stopped: string | undefined

  /** Starts it. Throws the system's error, when there is no such directory for one. */
  constructor({ command, cwd, env, timeoutMs, onOutput }: ShellStart) {
    this.#process = Bun.spawn(['/bin/sh', '-c', command], {
      cwd,
      env,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
      // It leads a process group, so that what it starts can be ended with it.
      detached: true,
    })
    this.#onOutput = onOutput
    this.#readers = [this.#process.stdout.getReader(), this.#process.stderr.getReader()]
    this.#timer = setTimeout(() => this.stop(`Command timed out after ${timeoutMs / 1000} s.`), timeoutMs)
    this.ended = this.#run()
  }

  /** The newest part of what it has said so far, each stream within `bytesMax` bytes as JSON. */
  output(bytesMax: number): ShellOutput {
    return { stdout: this.#stdout.newest(bytesMax), stderr: this.#stderr.newest(bytesMax) }
  }

  /** Asks the whole group to end, and ends it a little later. `why` is for the person who sees the output. */
  stop(why: string): void {
    if (this.#stopped !== undefined) return
    this.#stopped = why
    this.#signal('SIGTERM')
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#abandoned.resolve(), SHELL_KILL_GRACE_MS)
  }

  async #run(): Promise<ShellResult> {
    const [stdout, stderr] = this.#readers
    const parts = [this.#read(stdout, this.#stdout), this.#read(stderr, this.#stderr), this.#process.exited]
    const over = Promise.all(parts).catch(() => this.stop('Stopped: its output was lost.'))
    await Promise.race([over, this.#abandoned.promise])
    return this.#result()
  }

  async #read(reader: Reader, into: TextTail): Promise<void> {
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      into.add(decoder.decode(value, { stream: true }))
      this.#onOutput()
      // More than anybody will see: the command shall wait, not the sessions in this thread.
      if (into.length > SHELL_OUTPUT_BYTES_MAX) await Bun.sleep(SHELL_FLOOD_PAUSE_MS)
    }
    into.add(decoder.decode())
  }

  #result(): ShellResult {
    clearTimeout(this.#timer)
    if (this.#stopped !== undefined) this.#release()
    const { exitCode } = this.#process
    return {
      ...this.#fittingOutput(),
      exitCode: this.#stopped === undefined ? (exitCode ?? KILLED) : null,
      durationMs: Math.round(performance.now() - this.#startedAt),
    }
  }

  /** Both streams within the bound of both; a short one leaves room to the other. */
  #fittingOutput(): ShellOutput {
    if (this.#stopped !== undefined) this.#stderr.addLine(this.#stopped)
    const whole = this.output(SHELL_OUTPUT_BYTES_MAX)
    const stdout = this.#stdout.newest(roomBeside(whole.stderr))
    return { stdout, stderr: this.#stderr.newest(roomBeside(stdout)) }
  }

  /** Whoever of the group is left, or still holds the streams, is not waited for. */
  #release(): void {
    this.#signal('SIGKILL')
    // A stream that has failed cannot be cancelled.
    for (const reader of this.#readers) reader.cancel().catch(() => {})
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    try {
      process.kill(-this.#process.pid, signal)
    } catch {
      // Nobody is left.
    }
  }
}

function roomBeside(other: string): number {
  return Math.max(SHELL_OUTPUT_BYTES_MAX / 2, SHELL_OUTPUT_BYTES_MAX - jsonBytes(other))
}
