/** What somebody knows of a session who hears nothing but frames, or nothing but rows. */
import type { Message } from '../../src/protocol/model/message.ts'
import type { ServerMessage } from '../../src/protocol/server/index.ts'
import type { StoreRow } from '../../src/session/effects.ts'
import type { ConversationMessage, QueuedPrompt, StoredSession } from '../../src/session/state.ts'

type Facts = Readonly<Record<string, unknown>>

/** A client of the list. */
export class ListMirror {
  row: Facts | undefined
  pendingApproval: Facts | null = null

  read(frame: ServerMessage): void {
    switch (frame.type) {
      case 'session_created':
        this.row = frame.session
        this.pendingApproval = null
        break
      case 'session_delta': {
        const { pending_approval: pending, ...changes } = frame.changes
        this.row = { ...this.row, ...changes }
        if (pending !== undefined) this.pendingApproval = pending
        break
      }
      case 'approval_requested':
        this.pendingApproval = frame.request
        break
      case 'tokens_updated':
        this.row = { ...this.row, token_usage: frame.usage }
        break
    }
  }
}

/** What is there: null and absent mean the same. */
export function present(facts: Facts | undefined): Facts {
  return Object.fromEntries(Object.entries(facts ?? {}).filter(([, value]) => value !== null && value !== undefined))
}

/** The rows of a conversation, from frames or from the store. */
export class ConversationMirror {
  readonly rows: Map<string, Facts>

  constructor(rows: ReadonlyMap<string, Facts> = new Map()) {
    this.rows = new Map(rows)
  }

  readFrame(frame: ServerMessage): void {
    if (frame.type === 'message_appended') this.rows.set(frame.message.id, told(frame.message))
    if (frame.type !== 'message_updated') return
    const { content, tool_output: toolOutput, is_error: isError, duration_ms: durationMs, images } = frame.changes
    this.#patch(frame.message_id, { content, toolOutput, isError, durationMs, images })
  }

  readRow(row: StoreRow): void {
    if (row.table !== 'messages') return
    if ('put' in row) this.rows.set(row.put.id, stored(row.put))
    else this.#patch(row.patch.id, row.patch)
  }

  #patch(id: string, changes: Facts): void {
    const given = Object.entries(changes).filter(([key, value]) => key !== 'id' && value !== undefined)
    this.rows.set(id, { ...this.rows.get(id), ...Object.fromEntries(given) })
  }
}

/** The row of the session as the database holds it. */
export class StoreMirror {
  session: Partial<StoredSession> = {}
  readonly #queue = new Map<string, QueuedPrompt>()

  get queue(): readonly QueuedPrompt[] {
    return [...this.#queue.values()]
  }

  read(row: StoreRow): void {
    if (row.table === 'queued_prompts') {
      if ('put' in row) this.#queue.set(row.put.id, row.put)
      else this.#queue.delete(row.remove)
    }
    if (row.table === 'sessions') this.session = { ...this.session, ...row.put }
  }
}

function told({ content, tool_output: toolOutput, is_error: isError, duration_ms: durationMs }: Message): Facts {
  return { content, toolOutput, isError, durationMs }
}

function stored({ content, toolOutput, isError, durationMs }: ConversationMessage): Facts {
  return { content, toolOutput, isError, durationMs }
}
