/** A machine of one user: a home, Claude with our hooks in it, a model, and our server, which is not started yet. */
import { type ClaudeVersion, claudeBinary } from '../support/claude-binaries.ts'
import { ClaudeHome } from '../support/claude-home.ts'
import { ClaudeRun } from '../support/claude-run.ts'
import { ModelServer } from '../support/model-server/model-server.ts'
import type { TestClient } from '../support/test-client.ts'
import { TestServer } from '../support/test-server.ts'

interface MachineParts {
  readonly version: ClaudeVersion
  readonly home: ClaudeHome
  readonly model: ModelServer
  readonly server: TestServer
  /** What has to be ended with the machine. */
  readonly resources: AsyncDisposableStack
}

/** What the server is started with, besides a home of its own. */
type ServerEnvironment = (home: ClaudeHome, model: ModelServer) => Readonly<Record<string, string>>

/** Sets everything up. */
export async function furnished(version: ClaudeVersion, environment?: ServerEnvironment): Promise<MachineParts> {
  await using building = new AsyncDisposableStack()
  const home = building.use(new ClaudeHome())
  const model = building.use(new ModelServer(home.project))
  const env = environment?.(home, model) ?? {}
  const server = building.use(await TestServer.prepare({ home: home.home, env }))
  await server.run('init')
  await server.run('install-hooks')
  return { version, home, model, server, resources: building.move() }
}

export class Machine {
  readonly version: ClaudeVersion
  readonly home: ClaudeHome
  readonly model: ModelServer
  readonly server: TestServer
  protected readonly resources: AsyncDisposableStack

  constructor({ version, home, model, server, resources }: MachineParts) {
    this.version = version
    this.home = home
    this.model = model
    this.server = server
    this.resources = resources
  }

  /** Starts the server, and a client that follows the list. */
  readonly serve = async (): Promise<TestClient> => {
    await this.server.start()
    const client = await this.server.client()
    await client.followList()
    return client
  }

  /** Starts `claude -p` in a terminal of the user's. */
  readonly print = (prompt: string, ...args: string[]): ClaudeRun =>
    this.resources.use(new ClaudeRun({ ...this.claude(), prompt, args }));

  [Symbol.asyncDispose](): Promise<void> {
    return this.resources.disposeAsync()
  }

  /** How the user starts Claude. */
  protected claude() {
    return { binary: claudeBinary(this.version), cwd: this.home.project, env: this.home.env(this.model.url) }
  }
}
