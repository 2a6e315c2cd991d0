/** A data directory with the hook script, and a server on its socket that says what a test wants. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderHookScript } from '../../src/install/hook-script.ts'
import { type DataPaths, dataPaths } from '../../src/lib/data-paths.ts'
import { Changes } from '../support/within.ts'

const PATIENCE_MS = 15_000

export interface Post {
  readonly url: URL
  readonly headers: Headers
  readonly body: string
  /** Set when the script hung up before it was answered. */
  aborted: boolean
}

export interface HookRun {
  readonly shell?: readonly string[]
  readonly args?: readonly string[]
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

type Respond = (post: Post) => Response | Promise<Response>

export class HookWorld {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'orbitdock-')))
  readonly paths: DataPaths
  readonly posts: Post[] = []
  respond: Respond = () => new Response(null, { status: 204 })
  readonly #changes = new Changes()
  readonly #processes: Bun.Subprocess[] = []
  #server: Bun.Server<undefined> | undefined

  constructor({ dataDir = 'data', serverUrl = null }: { dataDir?: string; serverUrl?: string | null } = {}) {
    this.paths = dataPaths(join(this.root, dataDir))
    mkdirSync(this.paths.spoolFailed, { recursive: true })
    this.editScript(() => renderHookScript({ dataDir: this.paths.root, hostId: 'this-host', serverUrl }))
  }

  /** Changes the script, for what cannot be had otherwise on the machine of the tests. */
  editScript(edit: (script: string) => string): void {
    const { hookScript } = this.paths
    const script = edit(readFileSync(hookScript, { encoding: 'utf8', flag: 'a+' }))
    writeFileSync(hookScript, script)
    chmodSync(hookScript, 0o755)
  }

  /** Starts the server, on the socket of the data directory or, with `tcp`, on a free port. Returns its URL. */
  serve({ tcp = false } = {}): URL {
    const fetch = async (request: Request): Promise<Response> => {
      const post: Post = {
        url: new URL(request.url),
        headers: request.headers,
        body: await request.text(),
        aborted: false,
      }
      request.signal.addEventListener('abort', () => {
        post.aborted = true
        this.#changes.announce()
      })
      this.posts.push(post)
      this.#changes.announce()
      return this.respond(post)
    }
    this.#server = tcp
      ? Bun.serve({ hostname: '127.0.0.1', port: 0, idleTimeout: 0, fetch })
      : Bun.serve({ unix: this.paths.socket, fetch })
    return this.#server.url
  }

  /** Ends the server as `kill -9` does: open requests break. */
  async stopServing(): Promise<void> {
    await this.#server?.stop(true)
    rmSync(this.paths.socket, { force: true })
  }

  /** The number of posts has reached `count`. */
  received(count: number): Promise<Post> {
    return this.#changes.until(
      () => this.posts[count - 1],
      PATIENCE_MS,
      () => `post ${count} has not arrived`,
    )
  }

  hungUp(post: Post): Promise<true> {
    return this.#changes.until(
      () => post.aborted || undefined,
      PATIENCE_MS,
      () => 'the script still holds the line',
    )
  }

  start({
    shell = [],
    args = ['claude_status_event'],
    input = '{"session_id":"s"}',
    env = {},
    cwd = this.root,
  }: HookRun) {
    const process = Bun.spawn([...shell, this.paths.hookScript, ...args], {
      cwd,
      env: { PATH: '/usr/bin:/bin', HOME: this.root, ...env },
      stdin: new TextEncoder().encode(input),
      stdout: 'pipe',
      stderr: 'pipe',
    })
    this.#processes.push(process)
    return process
  }

  /** Runs the script to its end; fails when it disturbs the agent. Returns what it printed. */
  async run(run: HookRun = {}): Promise<string> {
    const process = this.start(run)
    const [stdout, stderr, code] = await Promise.all([process.stdout.text(), process.stderr.text(), process.exited])
    if (code !== 0 || stderr !== '') throw new Error(`the script left with ${code} and said: ${stderr}`)
    return stdout
  }

  /** Names in the spool, in byte order. */
  get spooled(): readonly string[] {
    return readdirSync(this.paths.spool)
      .filter((name) => name !== 'failed')
      .sort()
  }

  get failed(): readonly string[] {
    return readdirSync(this.paths.spoolFailed).sort()
  }

  readSpooled(index = 0): string {
    return readFileSync(join(this.paths.spool, this.spooled[index] ?? ''), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#processes) if (process.exitCode === null) process.kill('SIGKILL')
    await this.stopServing()
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 })
  }
}
