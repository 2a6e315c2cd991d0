/** Plays a recorded session to a server: hooks are posted, transcripts written where their Claude keeps them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ApprovalRequest } from '../../src/protocol/model/approval.ts'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { FakeClaudeProcess } from '../support/fake-claude-process.ts'
import type { LocalServer } from '../support/local-server.ts'
import type { TestClient } from '../support/test-client.ts'
import { type EndState, endStateOf } from './end-state.ts'
import type { Moment, Scenario } from './scenario.ts'

/** Where the recordings were made. */
const RECORDED_HOME = '/home/dev'
const RECORDED_CONFIG = /\/home\/dev\/\.claude-cfg[A-Z0-9]*/g
/** Milliseconds without any frame after which a state is what it is. */
const PATIENCE_MS = 10_000

export class ServedScenario {
  readonly #server: LocalServer
  readonly #client: TestClient
  readonly #sessions: ReadonlySet<string>
  /** Paths of the transcripts, by session. */
  readonly #paths: ReadonlyMap<string, string>
  /** Processes that say of themselves what the hooks leave out, by the session that they hold. */
  readonly #claudes = new Map<string, FakeClaudeProcess>()
  /** Bodies of hooks that name their process. */
  readonly #spoken: ReadonlySet<string>
  /** Posts that are held until somebody answers, or until nobody needs to. */
  readonly #held: Promise<Response>[] = []

  private constructor(server: LocalServer, client: TestClient, scenario: Scenario) {
    const { home } = server
    this.#server = server
    this.#client = client
    this.#sessions = new Set(scenario.hooks.map(({ sessionId }) => sessionId))
    this.#paths = new Map(scenario.transcripts.map(({ sessionId, path }) => [sessionId, placed(path, home)]))
    for (const { path, bytes } of scenario.subagents) write(placed(path, home), placed(bytes.toString(), home), 'w')
    const spoken = scenario.hooks.filter(({ sessionId, held }) => scenario.isKilled || sessionId !== held)
    for (const held of new Set(spoken.map((hook) => hook.held))) this.#claudes.set(held, aClaude(home, held))
    this.#spoken = new Set(spoken.map(({ body }) => body))
  }

  static async begin(server: LocalServer, scenario: Scenario): Promise<ServedScenario> {
    const client = await server.client()
    await client.followList()
    return new ServedScenario(server, client, scenario)
  }

  async play(moment: Moment): Promise<void> {
    const { home } = this.#server
    if (moment.kind === 'line') return write(this.#paths.get(moment.sessionId) ?? '', written(moment, home))
    const body = {
      ...JSON.parse(placed(moment.body, home)),
      ...(this.#spoken.has(moment.body) && this.#claudes.get(moment.held)?.origin),
    }
    const wait = body.hook_event_name === 'PermissionRequest'
    const post = this.#server.post(body, { wait })
    if (!wait) return void (await post)
    this.#held.push(post)
    // It is answered late, but it has come before anything else happens.
    const isIt = ({ session_id: id, request }: { readonly session_id: string; readonly request: ApprovalRequest }) =>
      id === moment.sessionId && request.tool_name === body.tool_name
    await this.#client.expect('approval_requested', isIt)
  }

  /** Settles when all posts are answered. */
  async end(): Promise<void> {
    for (const claude of this.#claudes.values()) await claude.kill9()
    await Promise.all(this.#held)
  }

  /** What a client is left with of each session, once it is as expected or nothing more comes. */
  async states(expected: readonly EndState[]): Promise<readonly EndState[]> {
    const listed = (await this.#client.followList()).map(({ id }) => id)
    const states: EndState[] = []
    for (const id of listed.filter((known) => this.#sessions.has(known)).sort())
      states.push(await this.#state(id, expected[states.length]))
    return states
  }

  /** Asks anew whenever something is told, until the answer is as expected. */
  async #state(id: string, expected: EndState | undefined): Promise<EndState> {
    const client = this.#client
    for (;;) {
      const session = await client.follow(id)
      client.send({ type: 'list_approvals', session_id: id })
      const { approvals } = await client.expect('approvals_list')
      const told = client.frames.length
      const state = endStateOf(recorded(session, this.#server.home), approvals.toReversed())
      if (Bun.deepEquals(state, expected)) return state
      const more = client.waitForView(id, 'anything new', () => client.frames.length > told, PATIENCE_MS)
      if (!(await more.catch(() => null))) return state
    }
  }
}

function aClaude(home: string, sessionId: string): FakeClaudeProcess {
  const claude = new FakeClaudeProcess({ home, sessionId })
  claude.note('busy')
  return claude
}

/** A text of the recording as it would have been with this home directory. */
function placed(text: string, home: string): string {
  return text.replaceAll(RECORDED_CONFIG, `${home}/.claude`).replaceAll(RECORDED_HOME, home)
}

/** The reverse. */
function recorded(session: SessionState, home: string): SessionState {
  return JSON.parse(JSON.stringify(session).replaceAll(home, RECORDED_HOME))
}

/** A line that was written while it was recorded tells of now, one from before of its own time. */
function written({ line, atMs }: Extract<Moment, { kind: 'line' }>, home: string): string {
  const now = JSON.stringify(new Date().toISOString())
  const stamped = atMs === -Infinity ? line : line.replaceAll(/(?<="timestamp":)"[^"]*"/g, now)
  return placed(stamped, home)
}

function write(path: string, text: string, flag: 'a' | 'w' = 'a'): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { flag })
}
