/** Places in which the connector of Claude Code proves itself: with the scripted program, and with the real ones. */
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { ClaudeConnector } from '../../../src/connectors/claude/claude-connector.ts'
import type { Connector, ConnectorListener } from '../../../src/connectors/connector.ts'
import type { Timers } from '../../../src/lib/timers.ts'
import { type ClaudeVersion, claudeBinary } from '../../support/claude-binaries.ts'
import { ClaudeHome } from '../../support/claude-home.ts'
import type { Gate } from '../../support/model-server/gates.ts'
import { ModelServer } from '../../support/model-server/model-server.ts'
import { temporaryHome } from '../../support/temporary-home.ts'
import { Changes } from '../../support/within.ts'
import type { ContractWorld, Variant } from '../contract.ts'

const FAKE = join(import.meta.dir, '../../conformance/fakes/claude.ts')
/** Bytes of a line that is longer than the connector keeps. */
const HUGE_BYTES = 65 * 1024 * 1024
const PATIENCE_MS = 20_000

interface Place {
  /** A command of the shell that becomes the usual program. */
  readonly usual: string
  /** Where programs may be written. */
  readonly directory: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** Makes connectors of Claude whose program behaves as the variant says. */
function maker({ usual, directory, cwd, env }: Place): ContractWorld['make'] {
  const unheard = '{"type":"unheard"}'
  const noise = `printf '%s\\n' 'no JSON' '[]' '${unheard}' '${unheard}'; head -c ${HUGE_BYTES} /dev/zero | tr '\\0' x; echo`
  const scripts: Readonly<Record<Exclude<Variant, 'absent'>, string>> = {
    usual: `exec ${usual} "$@"`,
    silent: 'exec cat > /dev/null',
    noisy: `${noise}; exec ${usual} "$@"`,
  }
  for (const [variant, script] of Object.entries(scripts)) {
    const path = join(directory, variant)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
  }
  return (listener: ConnectorListener, timers: Timers, variant: Variant): Connector =>
    new ClaudeConnector({
      program: join(directory, variant),
      cwd,
      env,
      launch: {
        sessionId: 'contract',
        conversationId: crypto.randomUUID(),
        resumes: false,
        model: null,
        permissionMode: null,
        allowedTools: [],
        disallowedTools: [],
      },
      listener,
      timers,
    })
}

/** The real Claude Code, with the scripted model. */
export async function realClaude(version: ClaudeVersion): Promise<ContractWorld> {
  const resources = new AsyncDisposableStack()
  const home = resources.use(new ClaudeHome())
  const model = resources.use(new ModelServer(home.project))
  const make = maker({
    usual: claudeBinary(version),
    directory: home.home,
    cwd: home.project,
    env: home.env(model.url),
  })
  let gate: Gate = model.hold('long')
  return {
    prompts: { answers: '[s:plain] Hello', asks: '[s:bash-writes] Go', waits: '[s:long] Go' },
    make(...given) {
      gate = model.hold('long')
      return make(...given)
    },
    reached: () => gate.reached(),
    letGo: () => gate.open(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** The program of the conformance scenarios, told what to do through its control channel. */
export async function scriptedClaude(): Promise<ContractWorld> {
  const home = temporaryHome()
  const puppets = new Set<Puppet>()
  const path = join(home.path, 'control')
  const changes = new Changes()
  const server = createServer((socket) => puppets.add(new Puppet(socket, () => changes.announce())))
  await new Promise<void>((listening) => server.listen(path, listening))
  return {
    prompts: { answers: 'answers', asks: 'asks', waits: 'waits' },
    make: maker({
      usual: `${process.execPath} ${FAKE}`,
      directory: home.path,
      cwd: home.path,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home.path, ORBITDOCK_CONFORMANCE_CONTROL: path },
    }),
    async reached() {
      const find = () => [...puppets].find(({ waits }) => waits)
      await changes.until(find, PATIENCE_MS, () => 'no scripted claude waits')
    },
    letGo() {
      for (const puppet of puppets) puppet.letGo()
    },
    async [Symbol.asyncDispose]() {
      for (const puppet of puppets) puppet.close()
      server.close()
      home[Symbol.dispose]()
    },
  }
}

interface Report {
  readonly kind?: string
  readonly text?: string
  readonly behavior?: string
  readonly interrupt?: boolean
}

/** One scripted process: it does what its prompts are called. */
class Puppet {
  readonly #socket: Socket
  #rest = ''
  #order = 0
  #asks = 0
  #waits = false
  readonly #changed: () => void

  constructor(socket: Socket, changed: () => void) {
    this.#socket = socket
    this.#changed = changed
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => this.#read(text))
    // It may be killed at any time.
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#waits = false
    })
  }

  get waits(): boolean {
    return this.#waits
  }

  letGo(): void {
    if (!this.#waits) return
    this.#waits = false
    this.#finish('Gone on.')
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const { report }: { readonly report?: Report } = JSON.parse(line)
      if (report) this.#heard(report)
    }
  }

  #heard({ kind, text, behavior, interrupt }: Report): void {
    if (kind === 'user' && text === 'answers' && !this.#waits) this.#finish('Hello.')
    if (kind === 'user' && text === 'waits') {
      this.#waits = true
      this.#play({ kind: 'init' })
      this.#changed()
    }
    if (kind === 'user' && text === 'asks') {
      const request = { request_id: `ask-${++this.#asks}`, tool_name: 'Bash', input: { command: 'true' } }
      this.#play({ kind: 'approval', ...request })
    }
    if (kind === 'approval_answer' && (behavior === 'allow' || interrupt !== true)) this.#finish('Done.')
    if (kind === 'interrupt') this.#waits = false
  }

  #finish(text: string): void {
    this.#play({ kind: 'assistant', blocks: [{ type: 'text', text }] })
    this.#play({ kind: 'result', ok: true })
  }

  #play(event: object): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify({ order: this.#order++, event })}\n`)
  }
}
