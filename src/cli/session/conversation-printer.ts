/** Writes a conversation on a terminal, frame by frame, without going back. */
import type { ApprovalRequest } from '../../protocol/model/approval.ts'
import type { Message, MessageChanges } from '../../protocol/model/message.ts'
import type { SessionState, SubagentInfo } from '../../protocol/model/session.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import type { Paint } from '../paint.ts'
import { clean, cleanLines, fit } from '../terminal-text.ts'
import { costOf, projectOf, titleOf, toolLine } from './describe.ts'
import { promptLines } from './prompt-lines.ts'

/** Messages shown of a conversation that is already long. */
const HISTORY_SHOWN_MAX = 20
/** Messages kept in order to tell what is new in the next frame about them; a snapshot holds fewer. */
const MESSAGES_KNOWN_MAX = 500
/** Subagents whose end is recognised. */
const SUBAGENTS_KNOWN_MAX = 200
/** Lines shown of what a shell command printed. */
const SHELL_LINES_MAX = 10

export interface PrinterOptions {
  readonly write: (text: string) => void
  readonly paint: Paint
  readonly columns: () => number
  /** The command line for a verb about this session, such as `approve`. */
  readonly commandLine: (verb: string) => string
}

/** What is known of a message on the screen. */
interface Printed {
  readonly message: Message
  readonly content: string
  readonly outputShown: boolean
}

export class ConversationPrinter {
  readonly #options: PrinterOptions
  readonly #printed = new Map<string, Printed>()
  /** The assistant's message whose last line may still grow. */
  #growing: string | null = null
  /** What was said last of each subagent. */
  readonly #subagents = new Map<string, string>()
  /** Thinking is written in one line, once something follows it: until then it may grow. */
  #thought: Message | null = null
  /** The tool call that was written last, so that its result needs no name. */
  #latestTool: string | null = null
  #status: string | null = null
  /** The prompt that was shown last. */
  #request: ApprovalRequest | null = null

  constructor(options: PrinterOptions) {
    this.#options = options
  }

  /** Writes what is new in a frame; frames that change nothing to see write nothing. */
  show(frame: ServerMessage): void {
    switch (frame.type) {
      case 'session_snapshot':
        return this.#showSnapshot(frame.session)
      case 'message_appended':
        return this.#showMessage(frame.message)
      case 'message_updated': {
        const known = this.#printed.get(frame.message_id)
        return known && this.#showMessage(withChanges(known.message, frame.changes))
      }
      case 'approval_requested':
        return this.#showRequest(frame.request)
      case 'session_delta':
        if (frame.changes.pending_approval) this.#showRequest(frame.changes.pending_approval)
        return this.#showStatus(frame.changes.work_status)
      case 'subagent_updated':
        return this.#showSubagent(frame.subagent)
      case 'session_ended':
        return this.#line(this.#options.paint('faint', `— ended: ${clean(frame.reason)}`))
      case 'error':
        return this.#line(this.#options.paint('alarm', clean(frame.message)))
    }
  }

  /** Leaves the cursor at the beginning of a line. */
  endLine(): void {
    if (this.#growing !== null) this.#options.write('\n')
    this.#growing = null
  }

  #showSnapshot(session: SessionState): void {
    const { paint } = this.#options
    if (this.#status === null) {
      this.#line(paint('strong', titleOf(session)))
      this.#line(
        paint(
          'faint',
          [clean(session.provider), clean(session.model ?? ''), projectOf(session), costOf(session), clean(session.id)]
            .filter(Boolean)
            .join('  '),
        ),
      )
    }
    const unseen = session.messages.filter(({ id }) => !this.#printed.has(id))
    const hidden = this.#status === null ? Math.max(unseen.length - HISTORY_SHOWN_MAX, 0) : 0
    if (hidden > 0) this.#line(paint('faint', `… ${hidden} earlier messages`))
    for (const message of unseen.slice(0, hidden)) this.#remember(message, true)
    for (const message of session.messages.slice(hidden)) this.#showMessage(message)
    if (session.pending_approval) this.#showRequest(session.pending_approval)
    this.#showStatus(session.status === 'ended' ? 'ended' : session.work_status)
  }

  #showMessage(message: Message): void {
    const known = this.#printed.get(message.id)
    if (known?.content !== message.content || !known) this.#showContent(message, known)
    const output = message.tool_output?.trim() || null
    const fresh = output !== null && !known?.outputShown
    if (fresh) this.#showOutput(message, output)
    this.#remember(message, fresh || known?.outputShown === true)
  }

  #remember(message: Message, outputShown: boolean): void {
    this.#printed.set(message.id, { message, content: message.content, outputShown })
    const [oldest] = this.#printed.keys()
    if (oldest !== undefined && this.#printed.size > MESSAGES_KNOWN_MAX) this.#printed.delete(oldest)
  }

  #showContent(message: Message, known: Printed | undefined): void {
    const { paint, write, columns } = this.#options
    const lines = cleanLines(message.content)
    switch (message.message_type) {
      case 'assistant': {
        if (known && this.#growing === message.id && message.content.startsWith(known.content)) {
          write(cleanLines(message.content.slice(known.content.length)).join('\n'))
          return
        }
        this.#line('')
        write(lines.join('\n'))
        this.#growing = message.id
        return
      }
      case 'user':
        return this.#lines(['', ...lines.map((line) => paint('person', `> ${line}`))])
      case 'steer':
        return this.#lines(lines.map((line) => paint('person', `» ${line}`)))
      case 'thinking':
        if (!known || this.#thought?.id === message.id) this.#thought = message
        return
      case 'shell':
        return this.#line(`$ ${clean(message.content)}`)
      case 'tool':
        if (known) return
        this.#line(fit(`● ${toolLine(message.tool_name, message.tool_input) || clean(message.content)}`, columns()))
        this.#latestTool = message.id
        return
      case 'tool_result':
        return this.#line(paint('faint', fit(`  ⎿ ${clean(message.content)}`, columns())))
    }
  }

  #showOutput(message: Message, output: string): void {
    const { paint, columns } = this.#options
    const style = message.is_error ? 'alarm' : 'faint'
    const lines = cleanLines(output).filter((line) => line !== '')
    if (message.message_type === 'shell') {
      const rest = lines.length - SHELL_LINES_MAX
      const shown = lines.slice(0, SHELL_LINES_MAX).map((line) => paint(style, `  ${fit(line, columns() - 2)}`))
      return this.#lines(rest > 0 ? [...shown, paint('faint', `  … ${rest} more lines`)] : shown)
    }
    const name = this.#latestTool === message.id ? '' : `${clean(message.tool_name ?? message.message_type)}: `
    const more = lines.length > 1 ? ` (+${lines.length - 1} lines)` : ''
    const took = message.duration_ms ? ` ${durationText(message.duration_ms)}` : ''
    const room = columns() - Bun.stringWidth(`  ⎿ ${name}${more}${took}`)
    this.#line(paint(style, `  ⎿ ${name}${fit(clean(lines[0] ?? ''), room)}${more}${took}`))
  }

  /** Its start and its end; what it does in between is told by its count of calls. */
  #showSubagent({ id, agent_type: type, description, status = 'running', tool_count: calls = 0 }: SubagentInfo): void {
    if (this.#subagents.get(id) === status) return
    this.#subagents.set(id, status)
    const [oldest] = this.#subagents.keys()
    if (oldest !== undefined && this.#subagents.size > SUBAGENTS_KNOWN_MAX) this.#subagents.delete(oldest)
    const name = clean([type, description].filter(Boolean).join(': '))
    const how = status === 'running' ? '' : `, ${status} after ${calls} ${calls === 1 ? 'call' : 'calls'}`
    this.#line(
      this.#options.paint(status === 'failed' ? 'alarm' : 'faint', fit(`◇ ${name}${how}`, this.#options.columns())),
    )
  }

  #showRequest(request: ApprovalRequest): void {
    const shown = this.#request?.id === request.id
    const opened = this.#request?.answerable === false && request.answerable !== false
    this.#request = request
    if (shown && !opened) return
    this.#lines(promptLines(request, this.#options))
  }

  #showStatus(status: string | undefined): void {
    if (status === undefined || status === this.#status) return
    this.#status = status
    if (status !== 'permission' && status !== 'question') this.#line(this.#options.paint('faint', `— ${clean(status)}`))
  }

  #lines(lines: readonly string[]): void {
    for (const line of lines) this.#line(line)
  }

  #line(line: string): void {
    const thought = this.#thought
    this.#thought = null
    if (thought) this.#line(this.#options.paint('faint', fit(`∴ ${clean(thought.content)}`, this.#options.columns())))
    this.endLine()
    this.#latestTool = null
    this.#options.write(`${line}\n`)
  }
}

function durationText(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** The message after a patch; keys that are left out keep their values. */
function withChanges(message: Message, changes: MessageChanges): Message {
  return {
    ...message,
    content: changes.content ?? message.content,
    tool_output: changes.tool_output ?? message.tool_output,
    is_error: changes.is_error ?? message.is_error,
    duration_ms: changes.duration_ms ?? message.duration_ms,
  }
}
