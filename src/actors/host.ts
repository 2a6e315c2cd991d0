/** Runs many session actors in one thread and speaks letters with the main thread. */
import { ACTOR_SWEEP_MS } from '../lib/limits.ts'
import type { Port } from '../lib/port.ts'
import { errorFrame } from '../protocol/errors.ts'
import type { Actor } from './actor.ts'
import { ActorStore } from './actor-store.ts'
import { AgentDesk } from './agent-desk.ts'
import { ClientDesk } from './client-desk.ts'
import { GitDesk } from './git-desk.ts'
import { HistoryDesk } from './history-desk.ts'
import { HookDesk } from './hook-desk.ts'
import { HostOutlet } from './host-outlet.ts'
import { Outbox, readLetters, type ToHost, type ToHostOp, type ToMainOp } from './letters.ts'
import { LivenessDesk } from './liveness-desk.ts'
import { QuestionDesk } from './question-desk.ts'
import type { Shard } from './shard.ts'
import { ShellDesk } from './shell-desk.ts'
import { SubagentDesk } from './subagent-desk.ts'
import { TranscriptDesk } from './transcript-desk.ts'

/** Text of the `open` letter, as JSON. */
export interface HostOptions {
  readonly databasePath: string
  /** Directory for the pictures of conversations. */
  readonly imagesPath: string
  /** Directories below which transcripts may be read. */
  readonly transcriptRoots: readonly string[]
  /** Directory of the user. */
  readonly home: string
  /** The `claude` that the configuration names; null when it names none. */
  readonly claudeBin: string | null
  /** Where Claude keeps `projects`, for sessions whose hooks do not name their transcript. */
  readonly claudeConfigDir: string
  /** The file with the random name of this machine. */
  readonly hostIdPath: string
  /** Which sessions are this host's. */
  readonly shard: Shard
}

/** Serves the port until a `close` letter. */
export function runHost(port: Port, clock: () => number = Date.now): void {
  const host = new ActorHost(port, clock)
  port.onMessage((cells) => host.read(cells))
}

class ActorHost {
  readonly #port: Port
  readonly #clock: () => number
  readonly #outbox: Outbox<ToMainOp>
  #open: OpenHost | undefined

  constructor(port: Port, clock: () => number) {
    this.#port = port
    this.#clock = clock
    this.#outbox = new Outbox((cells) => port.post(cells))
  }

  read(cells: Parameters<typeof readLetters>[0]): void {
    readLetters<ToHostOp>(cells, (letter) => this.#readOne(letter))
    this.#open?.outlet.finish()
  }

  #readOne(letter: ToHost): void {
    if (letter.op === 'ping') return this.#outbox.put('pong', '', letter.number, '')
    if (letter.op === 'open') {
      this.#open ??= new OpenHost(JSON.parse(letter.text), this.#outbox, this.#clock)
      return this.#outbox.put('opened', '', 0, '')
    }
    if (letter.op === 'close') return void this.#close()
    try {
      this.#open?.handle(letter)
    } catch (error) {
      // One input must not cost the others their session: it is dropped, and said so.
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'
      this.#open?.outlet.log('error', 'actor.input.dropped', { op: letter.op, session_id: letter.sessionId, reason })
      this.#outbox.put('refuse', letter.sessionId, letter.number, '422 the server could not apply this')
    }
  }

  async #close(): Promise<void> {
    await this.#open?.close()
    this.#open = undefined
    this.#outbox.put('closed', '', 0, '')
    this.#outbox.flush()
    this.#port.close()
  }
}

/** A host that knows its database: the desks, each for one kind of letter. */
class OpenHost {
  readonly outlet: HostOutlet
  readonly #actors: ActorStore
  readonly #hooks: HookDesk
  readonly #clients: ClientDesk
  readonly #transcripts: TranscriptDesk
  readonly #history: HistoryDesk
  readonly #liveness: LivenessDesk
  readonly #subagents: SubagentDesk
  readonly #shells: ShellDesk
  readonly #agents: AgentDesk
  readonly #questions: QuestionDesk
  readonly #git: GitDesk
  readonly #clock: () => number
  readonly #sweep: ReturnType<typeof setInterval>

  constructor(options: HostOptions, outbox: Outbox<ToMainOp>, clock: () => number) {
    this.#clock = clock
    this.#actors = new ActorStore(options.databasePath, options.imagesPath)
    this.outlet = new HostOutlet(outbox)
    const { outlet } = this
    this.#transcripts = new TranscriptDesk({
      actors: this.#actors,
      outlet,
      options,
      clock,
      leftOut: (gap) => this.#history.add(gap),
    })
    this.#shells = new ShellDesk(outlet, clock)
    this.#liveness = new LivenessDesk({ actors: this.#actors, outlet, transcripts: this.#transcripts, options, clock })
    const parts = {
      actors: this.#actors,
      outlet,
      transcripts: this.#transcripts,
      liveness: this.#liveness,
      clock,
    }
    this.#clients = new ClientDesk(parts)
    this.#subagents = new SubagentDesk(parts)
    this.#agents = new AgentDesk({ ...parts, clients: this.#clients, options })
    this.#questions = new QuestionDesk({ ...parts, connectorOf: (id) => this.#agents.connectorOf(id) })
    this.#hooks = new HookDesk({ ...parts, agents: this.#agents })
    outlet.agent = (actor, action, sender) => this.#agents.act(actor, action, sender)
    this.#history = new HistoryDesk({
      ...parts,
      options,
      completed: (actor, sequence) => this.#clients.completed(actor, sequence),
    })
    this.#git = new GitDesk({ ...parts, options, isElsewhere: (id) => this.#liveness.isElsewhere(id) })
    outlet.noticed = (actor) => {
      this.#git.noticed(actor)
      this.#subagents.noticed(actor)
    }
    outlet.shell = (actor, action, sender) => this.#shells.act(actor, action, sender)
    this.#sweep = setInterval(() => this.#letIdleGo(), ACTOR_SWEEP_MS)
  }

  handle(letter: ToHost): void {
    switch (letter.op) {
      case 'hook':
      case 'ask':
        return this.#hooks.post(letter)
      case 'lost':
        return this.#hooks.lost(letter)
      case 'say':
        return this.#clients.say(letter)
      case 'create':
        return this.#agents.create(letter)
      case 'fork':
        return void this.#agents.fork(letter)
      case 'resume':
        return this.#agents.resume(letter)
      case 'follow':
        return this.#clients.follow(letter)
      case 'tools':
        return void this.#subagents.tools(letter)
      case 'subagent':
        return void this.#subagents.messages(letter)
      case 'question':
        return void this.#questions.ask(letter)
      case 'watch':
        return this.#watch()
      case 'stored':
        return this.outlet.stored(letter.number)
      default:
        return this.outlet.reply(letter.sessionId, letter.number, errorFrame('not_supported', letter.sessionId))
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep)
    await Promise.all([this.#agents.close(), this.#shells.close()])
    this.#liveness.close()
    this.#history.close()
    this.#transcripts.close()
    this.#git.close()
    this.#subagents.close()
    this.outlet.finish()
    this.#actors.close()
  }

  #watch(): void {
    this.#agents.watch()
    this.#liveness.watch()
    this.#history.watch()
    this.#git.watch()
  }

  #letIdleGo(): void {
    for (const actor of this.#actors.idle(this.#clock())) if (!this.#agents.has(actor)) this.#letGo(actor)
  }

  /** An actor leaves once its rows are committed, unless somebody came in the meantime. */
  #letGo(actor: Actor): void {
    const { usedAt } = actor
    this.outlet.whenStored(() => {
      if (actor.usedAt !== usedAt || !this.#actors.has(actor)) return
      this.#transcripts.forget(actor)
      this.#actors.remove(actor)
      this.outlet.forget(actor)
    })
  }
}
