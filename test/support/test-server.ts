/** The product as a child process: the source, or whatever ORBITDOCK_TEST_SERVER names. */
import { join } from 'node:path'
import { Child, type Exit, freePort, parseCommand, tail, waitForHealth } from '../conformance/lib/server-process.ts'
import { TestClient } from './test-client.ts'

const MAIN = join(import.meta.dir, '..', '..', 'src', 'main.ts')
const START_MS = 15_000
const STOP_MS = 10_000

export interface TestServerOptions {
  /** Stands in for the user's home directory; the data directory is `.orbitdock` in it. */
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
}

/** The command line that starts the product, without its own arguments. */
export function serverCommand(): readonly string[] {
  const named = process.env.ORBITDOCK_TEST_SERVER
  return named ? parseCommand(named) : [process.execPath, MAIN]
}

export class TestServer {
  readonly port: number
  readonly #env: Readonly<Record<string, string>>
  readonly #home: string
  readonly #clients: TestClient[] = []
  #child: Child | undefined

  private constructor(port: number, { home, env }: TestServerOptions) {
    this.port = port
    this.#home = home
    this.#env = { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, ...env }
  }

  /** A server that has a port of its own but does not run yet. */
  static async prepare(options: TestServerOptions): Promise<TestServer> {
    return new TestServer(await freePort(), options)
  }

  /** A server that answers. */
  static async start(options: TestServerOptions): Promise<TestServer> {
    const server = await TestServer.prepare(options)
    await server.start()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it, the first time or again; settles when it answers. */
  async start(): Promise<void> {
    const command = [...serverCommand(), 'start', '--bind', `127.0.0.1:${this.port}`]
    this.#child = new Child(command, this.#env, this.#home)
    await waitForHealth(this.port, this.#child, START_MS)
  }

  /** Runs another command of the product to its end; fails unless it succeeds. */
  async run(...args: string[]): Promise<string> {
    const child = new Child([...serverCommand(), ...args], this.#env, this.#home)
    const exit = await child.waitForExit(START_MS)
    if (exit?.code === 0) return child.stdout
    child.killGroup()
    throw new Error(`\`${args.join(' ')}\` ${exit ? `left with ${exit.code}` : 'hangs'}:\n${child.output}`)
  }

  /** A client, closed together with the server. */
  async client(): Promise<TestClient> {
    const client = await TestClient.connect(`ws://127.0.0.1:${this.port}/ws`)
    this.#clients.push(client)
    return client
  }

  /** Ends it as a crash would: no goodbye, nothing written. */
  async kill9(): Promise<void> {
    this.#running().killGroup()
    await this.#running().exited
  }

  /** Asks it to leave; fails when it does not. */
  async stop(): Promise<Exit> {
    this.#running().signal('SIGTERM')
    const exit = await this.#running().waitForExit(STOP_MS)
    if (exit) return exit
    throw new Error(`the server did not leave within ${STOP_MS} ms:\n${tail(this.output).join('\n')}`)
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** What it printed since it was started last. */
  get output(): string {
    return this.#child?.output ?? ''
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client[Symbol.dispose]()
    if (this.#child && !this.#child.exit) await this.kill9()
  }

  #running(): Child {
    if (!this.#child) throw new Error('the server was never started')
    return this.#child
  }
}
