/** A session of which every event is told apart, so that each can be looked for in the database afterwards. */
import { randomUUID } from 'node:crypto'
import { hookBody } from './payloads.ts'

/** Events of one turn: a prompt, four tools that begin and end, and the end of the turn. */
const TURN_EVENTS = 10

export type EventKind = 'prompt' | 'tool-start' | 'tool-end' | 'stop'

export interface ScriptedEvent {
  readonly sessionId: string
  /** As the agent names it; null for one that names none. */
  readonly transcriptPath: string | null
  readonly eventId: string
  readonly kind: EventKind
  /** Of the tool call; empty for other kinds. */
  readonly toolUseId: string
  /** In the prompt or the output of this event, and nowhere else. */
  readonly token: string
}

export class ScriptedSession {
  readonly id: string
  readonly events: ScriptedEvent[] = []
  readonly #transcriptPath: string | null

  constructor(id: string, transcriptPath: string | null = null) {
    this.id = id
    this.#transcriptPath = transcriptPath
  }

  /** The next event of its script: the same kinds in the same order in every session. */
  next(): ScriptedEvent {
    const index = this.events.length
    const kind = kindAt(index % TURN_EVENTS)
    const call = { prompt: '', stop: '', 'tool-start': `toolu_${index}`, 'tool-end': `toolu_${index - 1}` }[kind]
    const event = {
      sessionId: this.id,
      transcriptPath: this.#transcriptPath,
      eventId: randomUUID(),
      kind,
      toolUseId: call,
      token: `${kind} ${index} of ${this.id}`,
    }
    this.events.push(event)
    return event
  }

  /** How many of its events so far are of this kind. */
  countOf(kind: EventKind): number {
    return this.events.filter((event) => event.kind === kind).length
  }
}

function kindAt(step: number): EventKind {
  if (step === 0) return 'prompt'
  if (step === TURN_EVENTS - 1) return 'stop'
  return step % 2 === 1 ? 'tool-start' : 'tool-end'
}

/** The post of an event; a second post of it has the same event id. */
export function bodyOf({ sessionId, transcriptPath, eventId, kind, toolUseId, token }: ScriptedEvent): string {
  const session = { session_id: sessionId, ...(transcriptPath !== null && { transcript_path: transcriptPath }) }
  const call = { ...session, tool_name: 'Bash', tool_use_id: toolUseId, tool_input: { command: `echo ${toolUseId}` } }
  const tool_response = { stdout: token, stderr: '', interrupted: false }
  switch (kind) {
    case 'prompt':
      return hookBody('claude_status_event', eventId, {
        ...session,
        hook_event_name: 'UserPromptSubmit',
        prompt: token,
      })
    case 'stop':
      return hookBody('claude_status_event', eventId, {
        ...session,
        hook_event_name: 'Stop',
        last_assistant_message: token,
      })
    case 'tool-start':
      return hookBody('claude_tool_event', eventId, { ...call, hook_event_name: 'PreToolUse' })
    case 'tool-end':
      return hookBody('claude_tool_event', eventId, { ...call, hook_event_name: 'PostToolUse', tool_response })
  }
}
