/** One conversation with Claude Code: what the session wants goes in as lines, what Claude says comes out as events. */
import { BoundedSet } from '../../lib/bounded-set.ts'
import { PERMISSION_MODES } from '../../lib/claude-modes.ts'
import type { JsonObject } from '../../lib/json.ts'
import {
  AGENT_REPORT_MS,
  CLAUDE_REQUEST_MS,
  CLAUDE_START_MS,
  INTERRUPT_MS,
  UNKNOWN_KINDS_MAX,
} from '../../lib/limits.ts'
import type { Timers } from '../../lib/timers.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import type { AgentAction } from '../../session/effects.ts'
import type { SessionEvent } from '../../session/events.ts'
import { AgentError, type AgentQuestion, type Connector, type ConnectorListener } from '../connector.ts'
import { FramePace } from '../frame-pace.ts'
import { answerTo } from './answers.ts'
import { Asked } from './asked.ts'
import { type ClaudeExit, ClaudeProcess } from './claude-process.ts'
import { type ClaudeLaunch, claudeArguments, claudeEnvironment, type Standing } from './launch.ts'
import { type ClaudeLine, readClaudeLine } from './line.ts'
import { McpStartup } from './mcp-startup.ts'
import { offeredBy } from './offered.ts'
import { PendingRequests } from './pending-requests.ts'
import { promptContent } from './prompt.ts'
import { Prompts } from './prompts.ts'
import { restoreFiles } from './rewind.ts'
import { newContext } from './translate/context.ts'
import { hasAgents } from './translate/system.ts'
import { claudeEvents, unknownKind } from './translate.ts'
import { type ContentBlock, promptLine, requestLine } from './write.ts'

export interface ClaudeConnectorParts {
  /** Absolute path of the program. */
  readonly program: string
  readonly cwd: string
  /** Of the server. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly launch: ClaudeLaunch
  /** Asked when it starts; without it the launch says everything. Rejects with AgentError where there is no such place. */
  readonly standing?: () => Promise<Partial<Standing>>
  readonly listener: ConnectorListener
  readonly timers: Timers
}

/** In what the CLI says of a conversation that is not there. */
const NOT_FOUND = 'No conversation found'
const LOST = 'Claude no longer has this conversation: it goes on without what was said before.'

const ENDED = 'The session ended before its agent had started.'
const SILENT =
  'Claude Code does not react to your prompt. Interrupt it and send the prompt again, or end the session and resume it.'

type Send = Extract<AgentAction, { do: 'send' }>

export class ClaudeConnector implements Connector {
  readonly #parts: ClaudeConnectorParts
  readonly #requests: PendingRequests
  readonly #pace: FramePace
  readonly #context
  readonly #asked: Asked
  readonly #prompts: Prompts
  readonly #mcp: McpStartup
  readonly #unknown = new BoundedSet(UNKNOWN_KINDS_MAX)
  #process: ClaudeProcess | undefined
  #isReady = false
  #isStopping = false
  /** Actions that wait until Claude is ready, or for the one before them. */
  #queue: Promise<void> = Promise.resolve()
  readonly #ready = Promise.withResolvers<void>()
  #cancelWatchdog: (() => void) | undefined
  #cancelReport: (() => void) | undefined
  #cancelReaction: (() => void) | undefined
  #interrupts = 0
  #isGone = false

  constructor(parts: ClaudeConnectorParts) {
    this.#parts = parts
    const { launch, listener, timers } = parts
    this.#context = newContext(launch.sessionId, timers.now)
    this.#requests = new PendingRequests(timers)
    this.#pace = new FramePace((events) => listener.events(events), timers)
    const write = (line: string) => this.#write(line)
    this.#asked = new Asked(write)
    this.#prompts = new Prompts(launch.sessionId)
    this.#mcp = new McpStartup({
      sessionId: launch.sessionId,
      timers,
      status: () => this.#request({ subtype: 'mcp_status' }),
      tell: (frames) => this.#pace.settled(frames.map((frame) => ({ type: 'frame_reported', frame }))),
    })
    this.#ready.promise.catch(() => {})
  }

  async start(): Promise<void> {
    const { launch, standing, listener } = this.#parts
    try {
      const isLost = await this.#startOrLose({ ...launch, ...(await standing?.()) })
      if (this.#isStopping) throw new AgentError(ENDED)
      this.#isReady = true
      this.#ready.resolve()
      if (isLost) this.#pace.settled([{ type: 'action_failed', message: LOST }])
    } catch (error) {
      this.#isStopping = true
      this.#ready.reject(error)
      await this.#process?.stop(false)
      listener.exited(null)
      throw error
    }
  }

  act(action: AgentAction): void {
    // An answer to Claude, and a stop, must not wait behind a prompt.
    if (action.do === 'decide') return this.#decide(action)
    if (action.do === 'interrupt') return void this.#interrupt()
    const interrupts = this.#interrupts
    this.#queue = this.#queue
      .then(() => this.#ready.promise)
      .then(() => this.#do(action, () => this.#interrupts === interrupts))
      .catch((error: unknown) => this.#failed(error, action.do === 'send'))
  }

  async restoreFiles(promptId: string): Promise<readonly string[]> {
    await this.#ready.promise
    return restoreFiles((request) => this.#request(request), promptId)
  }

  async answer(question: AgentQuestion): Promise<ServerMessage | null> {
    await this.#ready.promise
    return answerTo(question, { request: (request) => this.#request(request), watchMcp: () => this.#mcp.watch() })
  }

  async stop(gently: boolean): Promise<void> {
    this.#isStopping = true
    await this.#process?.stop(gently && this.#isReady && !this.#context.inTurn)
  }

  /** True where Claude has lost the conversation, as when it was killed before it wrote, and begins a new one. */
  async #startOrLose(launch: ClaudeLaunch): Promise<boolean> {
    try {
      await this.#start(launch)
      return false
    } catch (error) {
      if (!launch.resumes || !(error instanceof Error) || !error.message.includes(NOT_FOUND)) throw error
      await this.#start({ ...launch, resumes: false })
      return true
    }
  }

  async #start(launch: ClaudeLaunch): Promise<void> {
    const { program, cwd, env, listener } = this.#parts
    if (this.#isStopping) throw new AgentError(ENDED)
    const process = new ClaudeProcess({
      command: [program, ...claudeArguments(launch)],
      cwd,
      env: claudeEnvironment(env, launch.sessionId),
      onLine: (line) => this.#read(line),
    })
    this.#process = process
    listener.spawned(process.pid)
    void process.exited.then((exit) => this.#left(exit))
    const initialized = await this.#request({ subtype: 'initialize' }, CLAUDE_START_MS)
    const capabilities = offeredBy(initialized, launch.permissionMode)
    this.#pace.settled([{ type: 'capabilities_reported', capabilities }])
    // Nobody has asked for it.
    this.#mcp.watch().catch(() => {})
  }

  /** `isWanted`: whether nobody has interrupted since. */
  async #do(action: AgentAction, isWanted: () => boolean): Promise<void> {
    switch (action.do) {
      case 'send':
        return isWanted() ? this.#send(action, isWanted) : undefined
      case 'steer':
        return this.#prompt(action.messageId, [{ type: 'text', text: action.content }], true)
      case 'compact':
        return this.#prompt(null, [{ type: 'text', text: '/compact' }], false)
      case 'configure':
        if (action.permissionMode !== null) await this.#setMode(action.permissionMode)
        return
      default:
        return
    }
  }

  /** Where Claude refuses, the session is told in which mode it works. 2.1.197 refuses no word at all. */
  async #setMode(mode: string): Promise<void> {
    try {
      if (!PERMISSION_MODES.includes(mode)) throw new AgentError(`Claude Code knows no permission mode "${mode}".`)
      await this.#request({ subtype: 'set_permission_mode', mode })
    } catch (error) {
      const known = this.#context.permissionMode ?? this.#parts.launch.permissionMode ?? 'default'
      this.#pace.settled([{ type: 'permission_mode_reported', mode: known }])
      throw error
    }
  }

  async #send(action: Send, isWanted: () => boolean): Promise<void> {
    const { model, effort, messageId } = action
    if (model !== null && model !== this.#context.model) await this.#prefer({ subtype: 'set_model', model })
    if (effort !== null) await this.#prefer({ subtype: 'apply_flag_settings', settings: { effortLevel: effort } })
    const content = await promptContent(action)
    if (isWanted()) this.#prompt(messageId, content, false)
  }

  /** A wish about how to answer: where it cannot be granted, the prompt goes out all the same, and it is said. */
  async #prefer(request: JsonObject & { readonly subtype: string }): Promise<void> {
    await this.#request(request).catch((error: unknown) => this.#failed(error))
  }

  /** A prompt in the middle of a turn joins it. */
  #prompt(messageId: string | null, content: readonly ContentBlock[], steers: boolean): void {
    const uuid = this.#prompts.add(messageId, steers, this.#context.inTurn)
    this.#write(promptLine(uuid, content))
    if (this.#context.inTurn) return
    this.#context.inTurn = true
    this.#pace.settled([{ type: 'turn_started' }])
    this.#expectReaction()
  }

  /** One that reads its input reacts to a prompt at once, however long the model takes. */
  #expectReaction(): void {
    this.#cancelReaction?.()
    this.#cancelReaction = this.#parts.timers.after(CLAUDE_REQUEST_MS, () => this.#failed(new AgentError(SILENT)))
  }

  #decide({ approval, decision }: Extract<AgentAction, { do: 'decide' }>): void {
    const call = approval.toolUseId === null ? undefined : this.#context.calls.get(approval.toolUseId)
    // The time in which a person was asked is not the tool's.
    if (call) call.startedAt = this.#parts.timers.now()
    if (decision.interrupt && this.#context.inTurn) {
      this.#context.abandoned = true
      this.#context.inTurn = false
    }
    this.#asked.answer(approval, decision)
  }

  /** A prompt that has not been sent yet is not sent any more. */
  async #interrupt(): Promise<void> {
    this.#interrupts++
    const { inTurn, awaitsAgents } = this.#context
    if (inTurn) this.#watchInterrupt()
    else if (!awaitsAgents) this.#pace.settled([{ type: 'turn_aborted', reason: 'interrupted' }])
    if (!this.#isReady) return
    try {
      await this.#request({ subtype: 'interrupt' }, INTERRUPT_MS)
      if (this.#context.awaitsAgents) await this.#stopAgents()
    } catch (error) {
      this.#failed(error)
    }
  }

  #watchInterrupt(): void {
    this.#cancelWatchdog?.()
    this.#cancelWatchdog = this.#parts.timers.after(INTERRUPT_MS, () => {
      if (!this.#context.inTurn) return
      this.#context.inTurn = false
      this.#pace.settled([{ type: 'turn_aborted', reason: 'interrupt_timeout' }])
    })
  }

  /** What goes on behind the turn is none that an interrupt would end. */
  async #stopAgents(): Promise<void> {
    const agents = [...this.#context.tasks.values()].filter(({ isAgent }) => isAgent)
    this.#context.awaitsAgents = false
    this.#pace.settled([{ type: 'turn_aborted', reason: 'interrupted' }])
    await Promise.all(agents.map(({ id }) => this.#request({ subtype: 'stop_task', task_id: id })))
  }

  #request(request: JsonObject & { readonly subtype: string }, timeoutMs?: number): Promise<JsonObject> {
    return this.#requests.put(request.subtype, (id) => this.#write(requestLine(id, request)), timeoutMs)
  }

  #write(line: string): void {
    if (this.#process?.write(line) !== true) throw new AgentError('Claude Code does not read what it is told.')
  }

  #read(text: string | null): void {
    if (this.#isGone) return
    this.#cancelReaction?.()
    const line = text === null ? null : readClaudeLine(text)
    if (line === null) return this.#parts.listener.log('warn', 'claude.line.skipped', { long: text === null })
    if (line.kind === 'response') return this.#requests.settle(line.id, line.error, line.response)
    // A start that fails is told by a result, too; who waits for the start hears of it there.
    if (!this.#isReady && line.kind === 'result') return
    const kind = unknownKind(line)
    if (kind !== null) this.#report(kind)
    this.#note(line)
    const events = claudeEvents(line, this.#context)
    if (line.kind === 'stream') this.#pace.growing(events)
    else this.#pace.settled(events)
    if (line.kind === 'system') this.#expectReport()
  }

  /** The last subagent is back: unless its report begins a turn soon, there will be none. */
  #expectReport(): void {
    const isOver = () => this.#context.awaitsAgents && !hasAgents(this.#context)
    if (!isOver()) return
    this.#cancelReport?.()
    this.#cancelReport = this.#parts.timers.after(AGENT_REPORT_MS, () => {
      if (!isOver()) return
      this.#context.awaitsAgents = false
      this.#pace.settled([{ type: 'turn_completed', lastMessage: null, background: false }])
    })
  }

  /** What a line means to the conversation itself, besides what it means to the session. */
  #note(line: ClaudeLine): void {
    switch (line.kind) {
      case 'request':
        this.#asked.take(line)
        break
      case 'cancel':
        this.#asked.forget(line.id)
        break
      case 'user':
        this.#pace.settled(this.#prompts.heard(line.body))
        break
      case 'result':
        this.#cancelWatchdog?.()
        this.#prompts.turnEnded()
        break
    }
  }

  /** Once each: what is unknown today may matter tomorrow. */
  #report(kind: string): void {
    if (this.#unknown.has(kind)) return
    this.#unknown.add(kind)
    this.#parts.listener.log('info', 'claude.line.unknown', { kind })
  }

  #left(exit: ClaudeExit): void {
    this.#cancelWatchdog?.()
    this.#cancelReport?.()
    this.#cancelReaction?.()
    this.#mcp.close()
    const why = whyItLeft(exit)
    this.#requests.fail(this.#isReady ? 'Claude Code has left.' : `Claude Code left while it started: ${why}`)
    // Who waits for the start hears of it there.
    if (!this.#isReady) return
    this.#isGone = true
    const events: SessionEvent[] = this.#asked
      .all()
      .map((requestId) => ({ type: 'approval_withdrawn', requestId, eventId: null }))
    this.#context.inTurn = false
    const ended: SessionEvent = { type: 'background_tasks_listed', tasks: [], gone: 'stopped' }
    this.#pace.settled([...events, ended, { type: 'turn_aborted', reason: 'agent_left' }])
    this.#parts.listener.exited(this.#isStopping ? null : why)
  }

  /** `endsTurn`: what failed would have been answered by a turn. */
  #failed(error: unknown, endsTurn = false): void {
    if (this.#isStopping) return
    const message = error instanceof Error ? error.message : 'unknown'
    this.#pace.settled([
      endsTurn ? { type: 'turn_failed', code: 'not_sent', message } : { type: 'action_failed', message },
    ])
  }
}

function whyItLeft({ code, signal, stderr }: ClaudeExit): string {
  const how = signal === null ? `exit code ${code}` : `ended by ${signal}`
  return stderr === '' ? how : `${how}: ${stderr}`
}
