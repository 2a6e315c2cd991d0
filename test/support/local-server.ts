/** The product inside the test's own process, on a free loopback port, with a directory of its own. */
import { Database } from 'bun:sqlite'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConfigFlags, resolveConfig } from '../../src/config.ts'
import { type RunningServer, startServer } from '../../src/server.ts'
import type { Threads } from '../../src/threads.ts'
import { TestClient } from './test-client.ts'

export interface LocalServerOptions {
  readonly flags?: ConfigFlags
  readonly threads?: Threads
  /** Of a server that was stopped: the same directory again. */
  readonly home?: string
}

export class LocalServer {
  readonly home: string
  readonly #running: RunningServer
  readonly #clients: TestClient[] = []

  private constructor(home: string, running: RunningServer) {
    this.home = home
    this.#running = running
  }

  static async start({ flags, threads, home = temporaryHome() }: LocalServerOptions = {}): Promise<LocalServer> {
    const config = resolveConfig({
      flags: { bind: '127.0.0.1:0', workers: '1', ...flags },
      env: {},
      home,
      interactive: true,
    })
    return new LocalServer(home, await startServer(config, threads))
  }

  get url(): string {
    return this.#running.url
  }

  get databasePath(): string {
    return join(this.home, '.orbitdock', 'orbitdock.db')
  }

  async client(): Promise<TestClient> {
    const client = await TestClient.connect(`${this.url.replace('http', 'ws')}/ws`)
    this.#clients.push(client)
    return client
  }

  /** Posts a hook; settles with the status. */
  async hook(body: Readonly<Record<string, unknown>>): Promise<number> {
    return (await this.post(body)).status
  }

  /** Posts a hook; with `wait` it is held until somebody answers. */
  post(
    body: Readonly<Record<string, unknown>>,
    { wait = false, signal }: { wait?: boolean; signal?: AbortSignal } = {},
  ) {
    return fetch(`${this.url}/api/hook${wait ? '?wait=1' : ''}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    })
  }

  /** What another process would read from the database now. */
  read<Row>(sql: string, ...values: string[]): Row[] {
    const db = new Database(this.databasePath, { readonly: true })
    try {
      return db.query<Row, string[]>(sql).all(...values)
    } finally {
      db.close()
    }
  }

  /** Stops it and keeps its directory, for `start({home})`. */
  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client[Symbol.dispose]()
    await this.#running.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    rmSync(this.home, { recursive: true, force: true })
  }
}

function temporaryHome(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'orbitdock-')))
}
