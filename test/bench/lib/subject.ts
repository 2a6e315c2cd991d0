/** The server under test and the raw one, as child processes on free loopback ports. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, parseCommand } from '../../conformance/lib/server-process.ts'
import { ListClient } from './list-client.ts'

const START_MS = 20_000
const STOP_MS = 5_000
/** Milliseconds between looks whether a starting server listens. */
const LOOK_MS = 1

/** A running server that posts and clients can be sent to. */
export interface Subject {
  readonly port: number
  readonly pid: number
}

export class BenchServer implements Subject {
  /** Stands in for the home directory; removed at the end. */
  readonly home = mkdtempSync(join(tmpdir(), 'orbitdock-bench-'))
  readonly #command: readonly string[]
  readonly #arguments: (port: number) => readonly string[]
  #child: Bun.Subprocess | undefined
  #port = 0

  private constructor(command: readonly string[], args: (port: number) => readonly string[]) {
    this.#command = command
    this.#arguments = args
  }

  /** Any server that has the command `start --bind`. It does not run yet. */
  static of(command: string): BenchServer {
    return new BenchServer(parseCommand(command), (port) => ['start', '--bind', `127.0.0.1:${port}`])
  }

  static raw(): BenchServer {
    const program = join(import.meta.dir, 'raw-program.ts')
    return new BenchServer([process.execPath, program], (port) => [`${port}`])
  }

  get port(): number {
    return this.#port
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  get dataDir(): string {
    return join(this.home, 'data')
  }

  get database(): string {
    return join(this.dataDir, 'orbitdock.db')
  }

  /** Milliseconds from the start of the process until a client held a complete list of sessions. */
  async start(): Promise<number> {
    this.#port = await freePort()
    const began = performance.now()
    const child = Bun.spawn([...this.#command, ...this.#arguments(this.#port)], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.home,
        ORBITDOCK_DATA_DIR: this.dataDir,
        ORBITDOCK_SERVER_LOG_FILTER: 'warn',
      },
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    })
    this.#child = child
    await listens(this.#port, child)
    const client = await ListClient.follow(this.#port)
    const ms = performance.now() - began
    client.close()
    return ms
  }

  /** Settles when the process is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child) return
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await child.exited
    clearTimeout(late)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    rmSync(this.home, { recursive: true, force: true })
  }
}

/** Settles when the port takes connections. Knocks on TCP, because a failed HTTP request would cost what is measured. */
async function listens(port: number, child: Bun.Subprocess<'ignore', 'ignore', 'pipe'>): Promise<void> {
  const deadline = performance.now() + START_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`the server left with ${child.exitCode}: ${(await child.stderr.text()).trim()}`)
    if (await takesConnection(port)) return
    await Bun.sleep(LOOK_MS)
  }
  throw new Error(`nobody listens on port ${port} after ${START_MS} ms`)
}

async function takesConnection(port: number): Promise<boolean> {
  try {
    const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } })
    socket.end()
    return true
  } catch {
    return false
  }
}
