/** Runs a test with the real Claude Code of every version, against our server and the scripted model. */
import { type ClaudeVersion, claudeBinary } from '../support/claude-binaries.ts'
import { ClaudeHome } from '../support/claude-home.ts'
import { ClaudeProgram } from '../support/claude-program.ts'
import { ClaudeRun } from '../support/claude-run.ts'
import { ModelServer } from '../support/model-server/model-server.ts'
import { Terminal } from '../support/terminal.ts'
import type { TestClient } from '../support/test-client.ts'
import { TestServer } from '../support/test-server.ts'
import { realTest } from './real-claude.ts'

/** A machine of one user: a home, Claude with our hooks in it, a model, and our server, which is not started yet. */
export class ClaudeWorld {
  readonly version: ClaudeVersion
  readonly home: ClaudeHome
  readonly model: ModelServer
  readonly server: TestServer
  readonly #resources: AsyncDisposableStack

  private constructor(
    version: ClaudeVersion,
    home: ClaudeHome,
    model: ModelServer,
    server: TestServer,
    resources: AsyncDisposableStack,
  ) {
    this.version = version
    this.home = home
    this.model = model
    this.server = server
    this.#resources = resources
  }

  static async create(version: ClaudeVersion): Promise<ClaudeWorld> {
    await using building = new AsyncDisposableStack()
    const home = building.use(new ClaudeHome())
    const model = building.use(new ModelServer(home.project))
    const server = building.use(await TestServer.prepare({ home: home.home }))
    await server.run('init')
    await server.run('install-hooks')
    return new ClaudeWorld(version, home, model, server, building.move())
  }

  /** Starts the server, and a client that follows the list. */
  readonly serve = async (): Promise<TestClient> => {
    await this.server.start()
    const client = await this.server.client()
    await client.followList()
    return client
  }

  /** Starts `claude -p`. */
  readonly print = (prompt: string, ...args: string[]): ClaudeRun =>
    this.#resources.use(new ClaudeRun({ ...this.#claude(), prompt, args }))

  /** Starts Claude in a terminal, and waits until it takes prompts. */
  readonly interactive = async (...args: string[]): Promise<Terminal> => {
    const { binary, ...place } = this.#claude()
    const mode = args.includes('--permission-mode') ? [] : ['--permission-mode', 'default']
    const terminal = this.#resources.use(new Terminal({ command: [binary, ...mode, ...args], ...place }))
    await terminal.waitForText(/^❯/m)
    return terminal
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync()
  }

  /** Starts `claude -p` for somebody else's program, which writes to it. */
  readonly program = (...args: string[]): ClaudeProgram =>
    this.#resources.use(new ClaudeProgram({ ...this.#claude(), args }))

  #claude() {
    return { binary: claudeBinary(this.version), cwd: this.home.project, env: this.home.env(this.model.url) }
  }
}

/** Declares a test that every version has to pass, or those that are named, in a world of its own. */
export function claudeTest(
  name: string,
  body: (world: ClaudeWorld) => Promise<void>,
  versions?: readonly ClaudeVersion[],
): void {
  realTest({ name: `: ${name}`, open: ClaudeWorld.create, body, versions })
}
