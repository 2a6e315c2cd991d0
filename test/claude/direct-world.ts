/** A machine whose server drives the real Claude Code itself. */
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { type ClaudeVersion, claudeBinary } from '../support/claude-binaries.ts'
import type { ClaudeHome } from '../support/claude-home.ts'
import { fileHolds } from '../support/file-holds.ts'
import type { ModelServer } from '../support/model-server/model-server.ts'
import type { TestClient } from '../support/test-client.ts'
import { furnished, Machine } from './machine.ts'
import { realTest } from './real-claude.ts'

export interface Wishes {
  readonly model?: string
  readonly permission_mode?: string
  readonly allowed_tools?: string[]
  readonly disallowed_tools?: string[]
}

export class DirectWorld extends Machine {
  static async create(version: ClaudeVersion): Promise<DirectWorld> {
    // What the server is started with is what its Claude gets; it runs without limits only in a sandbox.
    const environment = (home: ClaudeHome, model: ModelServer) => {
      const program = join(home.home, 'claude')
      symlinkSync(claudeBinary(version), program)
      return { ...home.env(model.url), IS_SANDBOX: '1', ORBITDOCK_CLAUDE_BIN: program }
    }
    return new DirectWorld(await furnished(version, environment))
  }

  /** Where the server looks for Claude. */
  get program(): string {
    return join(this.home.home, 'claude')
  }

  /** Makes a session; answers with what its maker is shown. */
  readonly createSession = async (client: TestClient, wishes: Wishes = {}): Promise<SessionState> => {
    client.send({ type: 'create_session', provider: 'claude', cwd: this.home.project, ...wishes })
    return (await client.expect('session_snapshot')).session
  }

  /** Adds a hook of the user's own that allows whatever is asked, once `go` is in the project. */
  readonly allowByHook = (): void => {
    const path = join(this.home.home, '.claude', 'settings.json')
    const settings = JSON.parse(readFileSync(path, 'utf8'))
    const output = { hookEventName: 'PermissionRequest', decision: { behavior: 'allow' } }
    const wait = `while [ ! -e '${join(this.home.project, 'go')}' ]; do sleep 0.05; done`
    const command = `${wait}; echo '${JSON.stringify({ hookSpecificOutput: output })}'`
    settings.hooks.PermissionRequest.push({ hooks: [{ type: 'command', command, timeout: 60 }] })
    writeFileSync(path, JSON.stringify(settings))
  }

  /** Puts a script into the project that asks another Claude of the same version. */
  readonly nest = (prompt: string): void => {
    const script = `#!/bin/sh\nexec "$ORBITDOCK_CLAUDE_BIN" -p '${prompt}'\n`
    writeFileSync(join(this.home.project, 'nested.sh'), script, { mode: 0o755 })
  }

  /** Settles when a transcript holds this prompt. */
  readonly written = (prompt: string): Promise<void> =>
    fileHolds(this.home.home, '.jsonl', new RegExp(`"type":"user".*${RegExp.escape(prompt)}`))

  /** Takes away everything that Claude has written of its conversations. */
  readonly forgetConversations = (): void => {
    rmSync(join(this.home.home, '.claude', 'projects'), { recursive: true })
  }

  /** A server that is killed leaves its Claude to itself, which may go on for as long as a command of it does. */
  override async [Symbol.asyncDispose](): Promise<void> {
    if (await this.#isServing()) await this.server.stop()
    await super[Symbol.asyncDispose]()
  }

  #isServing(): Promise<boolean> {
    return fetch(`${this.server.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
  }
}

/** Declares a test that every version has to pass, in a world of its own. */
export function directTest(name: string, body: (world: DirectWorld) => Promise<void>): void {
  realTest({ name: `, driven: ${name}`, open: DirectWorld.create, body })
}
