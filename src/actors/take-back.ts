/** Takes turns of Claude Code back: files as they were, and the conversation as it was. */
import { AgentError } from '../connectors/connector.ts'
import { shorten } from '../lib/shorten.ts'
import { type ErrorCode, errorFrame } from '../protocol/errors.ts'
import { COMPACTED } from '../session/conversation.ts'
import type { AgentAction, ResumePoint } from '../session/effects.ts'
import type { SessionEvent } from '../session/events.ts'
import { endsWith, lastSaidBefore, readLastSent, readPlace, type StoredPrompt } from '../store/message-history.ts'
import { readResumePoint } from '../store/resume-points.ts'
import type { Actor } from './actor.ts'
import type { ActorStore } from './actor-store.ts'
import type { ClientDesk } from './client-desk.ts'
import type { HostOptions } from './host.ts'
import type { HostOutlet } from './host-outlet.ts'
import type { RunningAgent, RunningAgents } from './running-agents.ts'
import { settledWhereabouts } from './settled-whereabouts.ts'

interface TakeBackParts {
  readonly actors: ActorStore
  readonly outlet: HostOutlet
  readonly clients: ClientDesk
  readonly options: HostOptions
  readonly agents: RunningAgents
  tell(actor: Actor, events: readonly SessionEvent[]): void
}

type TakingBack = Extract<AgentAction, { do: 'undo' | 'rollback' | 'rewind' }>

/** The place to which a conversation goes back. */
interface Target {
  /** The first prompt that is taken back, as Claude calls it. */
  readonly prompt: string
  /** Its row; undefined where it has none. */
  readonly row: StoredPrompt | undefined
  readonly point: ResumePoint
  /** Whether it goes back to its beginning, and Claude has written something already. */
  readonly needsNewName: boolean
}

/** Characters of the prompt that are quoted. */
const QUOTE_CHARS_MAX = 60

/** Whether an action is one that `TakeBack` does. */
export function takesBack(action: AgentAction): action is TakingBack {
  return action.do === 'undo' || action.do === 'rollback' || action.do === 'rewind'
}

export class TakeBack {
  readonly #parts: TakeBackParts
  #isClosed = false

  constructor(parts: TakeBackParts) {
    this.#parts = parts
  }

  /** Does it, or says why not; the session is at work until then. `sender`: who asked. */
  act(actor: Actor, action: TakingBack, sender: number): void {
    this.#parts.outlet.letter('attend', actor.id, sender)
    void this.#act(actor, action, sender).finally(() => {
      this.#parts.outlet.letter('over', actor.id, sender)
      this.#parts.outlet.finish()
    })
  }

  /** From now on no agent is started. */
  close(): void {
    this.#isClosed = true
  }

  #act(actor: Actor, action: TakingBack, sender: number): Promise<void> {
    if (action.do === 'undo') return this.#undo(actor)
    return action.do === 'rollback'
      ? this.#rollback(actor, action.turns, sender)
      : this.#rewind(actor, action.messageId)
  }

  async #undo(actor: Actor): Promise<void> {
    const { tell } = this.#parts
    tell(actor, [{ type: 'undo_started', message: null }])
    let files: string | undefined
    try {
      const target = await this.#target(actor, 1)
      files = await this.#restored(actor, target.prompt)
      const message = `${files}; the conversation goes on before “${quoted(target)}”.`
      await this.#goBack(actor, target, `The last turn was taken back. ${message}`)
      tell(actor, [{ type: 'undo_completed', success: true, message }])
    } catch (error) {
      const done = files === undefined ? '' : `${files}; the conversation stays as it is: `
      tell(actor, [{ type: 'undo_completed', success: false, message: `${done}${reasonOf(error)}` }])
    }
  }

  async #rollback(actor: Actor, turns: number, sender: number): Promise<void> {
    const { outlet, tell } = this.#parts
    tell(actor, [{ type: 'turn_started' }])
    try {
      const target = await this.#target(actor, turns)
      const what = turns === 1 ? 'The last turn was' : `The last ${turns} turns were`
      const notice = `${what} taken back, but not what changed in files; the conversation goes on before “${quoted(target)}”.`
      await this.#goBack(actor, target, notice)
      tell(actor, [{ type: 'thread_rolled_back', turns }])
    } catch (error) {
      const code: ErrorCode = error instanceof TooFar ? 'invalid_argument' : 'claude_error'
      outlet.reply(actor, sender, errorFrame(code, actor.id, reasonOf(error)))
      tell(actor, [{ type: 'turn_aborted', reason: 'rollback_failed' }])
    }
  }

  async #rewind(actor: Actor, messageId: string): Promise<void> {
    const { tell } = this.#parts
    tell(actor, [{ type: 'turn_started' }])
    const about = { type: 'files_rewound', session_id: actor.id, user_message_id: messageId } as const
    try {
      const files = await (await this.#agent(actor)).connector.restoreFiles(nativeId(actor, messageId))
      tell(actor, [{ type: 'frame_reported', frame: { ...about, success: true, files, message: countOf(files) } }])
    } catch (error) {
      const message = reasonOf(error)
      tell(actor, [{ type: 'frame_reported', frame: { ...about, success: false, files: [], message } }])
    }
    tell(actor, [{ type: 'turn_completed', lastMessage: null, background: false }])
  }

  /** Where the conversation goes when so many turns are taken back. Throws TooFar where there are not so many. */
  async #target(actor: Actor, turns: number): Promise<Target> {
    const { actors, options } = this.#parts
    const { reader } = actors
    await this.#stored()
    const last = readLastSent(reader, actor.id)
    const point = readResumePoint(reader, actor.id)
    const prompt = last ? nativeId(actor, last.id) : null
    const shown = { prompt, isAtWork: false, isCompacted: endsWith(reader, actor.id, COMPACTED) }
    const found = await settledWhereabouts(shown, actor.state, point, options)
    const prompts = found?.chain.promptsTo(found.at) ?? []
    const first = prompts.at(-turns)
    if (!found || first === undefined) throw new TooFar(prompts.length)
    const behind = found.chain.messageBefore(first)
    if (behind !== null && !found.chain.isInMind(behind))
      throw new AgentError('Claude has summarised this part of the conversation since: it cannot be taken back.')
    return { prompt: first, row: readPlace(reader, `${actor.id}:${first}`), ...placeOf(first, behind, found) }
  }

  /** What became of the files, for people: the conversation goes back also where they cannot. */
  async #restored(actor: Actor, prompt: string): Promise<string> {
    const { connector } = await this.#agent(actor)
    try {
      const files = await connector.restoreFiles(prompt)
      return files.length > 0 ? countOf(files) : 'Conversation only: no file had been changed by the tools of Claude'
    } catch (error) {
      return `Conversation only: the files could not be restored (${reasonOf(error)})`
    }
  }

  /** Another agent takes over, with the conversation as it was; then what is gone is gone for everybody. */
  async #goBack(actor: Actor, { row, point, needsNewName }: Target, notice: string): Promise<void> {
    const { actors, agents, clients, tell } = this.#parts
    const before = readResumePoint(actors.reader, actor.id) ?? null
    const name = actor.state.claudeSdkSessionId ?? actor.id
    const running = agents.of(actor.id)
    if (running) agents.dismiss(running)
    actor.store({ table: 'resume_points', put: point })
    if (needsNewName) tell(actor, [named(crypto.randomUUID())])
    try {
      await this.#agent(actor)
    } catch (error) {
      actor.store({ table: 'resume_points', put: before })
      tell(actor, needsNewName ? [named(name)] : [])
      throw error
    }
    if (!row) return
    const lastMessage = lastSaidBefore(actors.reader, actor.id, row.sequence)
    tell(actor, [{ type: 'turns_dropped', from: row.sequence, lastMessage, notice }])
    await clients.renew(actor)
  }

  /** The agent of the session, started where none runs. Rejects with AgentError. */
  async #agent(actor: Actor): Promise<RunningAgent> {
    const { agents, outlet } = this.#parts
    const running = agents.of(actor.id)
    if (running) return running
    if (this.#isClosed || actor.state.phase.name === 'ended') throw new AgentError('The session has ended.')
    const made = agents.make(actor)
    outlet.touch(actor)
    await this.#stored()
    await agents.launch(made)
    return made
  }

  #stored(): Promise<void> {
    return new Promise((resolve) => this.#parts.outlet.whenStored(resolve))
  }
}

/** There are not so many turns. */
class TooFar extends AgentError {
  constructor(turns: number) {
    super(
      turns === 0
        ? 'There is no turn to take back.'
        : `Only ${turns === 1 ? '1 turn' : `${turns} turns`} can be taken back.`,
    )
  }
}

type Found = NonNullable<Awaited<ReturnType<typeof settledWhereabouts>>>

function placeOf(
  prompt: string,
  behind: string | null,
  { path, isCopy }: Found,
): Pick<Target, 'point' | 'needsNewName'> {
  if (behind === null) return { point: { kind: 'empty' }, needsNewName: !isCopy }
  const point = isCopy ? ({ kind: 'copy', path, entry: behind } as const) : ({ kind: 'before', entry: prompt } as const)
  return { point, needsNewName: false }
}

function named(claudeSdkSessionId: string): SessionEvent {
  return { type: 'session_described', quiet: true, claudeSdkSessionId }
}

/** Clients know prompts by their rows, Claude by what comes behind the id of the session. */
function nativeId({ id }: Actor, messageId: string): string {
  return messageId.startsWith(`${id}:`) ? messageId.slice(id.length + 1) : messageId
}

function countOf(files: readonly string[]): string {
  return files.length === 1 ? '1 file restored' : `${files.length} files restored`
}

function quoted({ row }: Target): string {
  return shorten((row?.content ?? '').trim().replace(/\s+/g, ' '), QUOTE_CHARS_MAX)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}
