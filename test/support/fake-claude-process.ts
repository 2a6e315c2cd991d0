/** A process that stands in for a running Claude: it has a record of itself, and its hooks tell its id. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { localProcesses } from '../../src/liveness/local-processes.ts'

export interface FakeClaudeOptions {
  /** Of the server; the Claude keeps everything in `.claude` there. */
  readonly home: string
  readonly sessionId: string
  readonly cwd?: string
  readonly version?: '2.1.197' | '2.1.329'
}

export const HOST_ID = 'host-of-the-tests'

/** Gives the machine its name, as `init` does. */
export function nameHost(home: string, hostId = HOST_ID): void {
  mkdirSync(join(home, '.orbitdock'), { recursive: true, mode: 0o700 })
  writeFileSync(join(home, '.orbitdock', 'host-id'), `${hostId}\n`)
}

export class FakeClaudeProcess {
  readonly #process = Bun.spawn(['sleep', '600'])
  readonly #options: FakeClaudeOptions
  readonly #start: string

  constructor(options: FakeClaudeOptions) {
    this.#options = options
    this.#start = localProcesses.start(this.pid) ?? ''
  }

  get pid(): number {
    return this.#process.pid
  }

  /** What a hook of it tells besides. */
  get origin() {
    return { pid: this.pid, host_id: HOST_ID, sent_at: Math.floor(Date.now() / 1000) }
  }

  /** Notes what it does, as a Claude in a terminal. */
  note(status: 'busy' | 'idle' | 'shell' | 'waiting' | undefined, over: Readonly<Record<string, unknown>> = {}): void {
    const { sessionId, cwd = '/proj', version = '2.1.197' } = this.#options
    const at = Date.now()
    const record = {
      pid: this.pid,
      sessionId,
      cwd,
      startedAt: at - 1_000,
      procStart: this.#start,
      version,
      kind: 'interactive',
      entrypoint: 'cli',
      ...(status && { status, updatedAt: at, statusUpdatedAt: at }),
      ...over,
    }
    mkdirSync(this.#directory, { recursive: true })
    writeFileSync(this.#file, JSON.stringify(record))
  }

  /** Writes lines of its transcript; returns its path. */
  write(...entries: readonly object[]): string {
    const { home, sessionId, cwd = '/proj' } = this.#options
    const directory = join(home, '.claude', 'projects', cwd.replaceAll('/', '-'))
    mkdirSync(directory, { recursive: true })
    const path = join(directory, `${sessionId}.jsonl`)
    writeFileSync(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { flag: 'a' })
    return path
  }

  /** Takes back its record. */
  forget(): void {
    rmSync(this.#file, { force: true })
  }

  /** Ends as it should: nothing of it is left. */
  async leave(): Promise<void> {
    this.forget()
    await this.kill9()
  }

  /** Ends without a word; its record stays. */
  async kill9(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#process.exited
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill9()
  }

  get #directory(): string {
    return join(this.#options.home, '.claude', 'sessions')
  }

  get #file(): string {
    return join(this.#directory, `${this.pid}.json`)
  }
}
