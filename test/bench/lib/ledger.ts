/** Compares what was posted with what a database holds, event by event. */
import { Database } from 'bun:sqlite'
import type { ScriptedEvent, ScriptedSession } from './scripted-session.ts'

/** What is counted of each session: in columns, in rows, and among the remembered events. */
export type Counter = 'prompt_count' | 'tool_count' | 'tool rows' | 'hook_events'

/** Counted too much (positive) and too little (negative), over all sessions. */
export interface Account {
  readonly surplus: ReadonlyMap<Counter, number>
  readonly deficit: ReadonlyMap<Counter, number>
}

/** A database, read while its server may run. */
export class Ledger {
  readonly #db: Database
  /** Only some servers remember which events they applied. */
  readonly #remembersEvents: boolean

  constructor(path: string) {
    this.#db = new Database(path, { readonly: true })
    this.#remembersEvents =
      this.#db.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'hook_events'").values().length > 0
  }

  /** The events that left no trace: no event id, no row of their tool call, or no output in it. */
  missing(events: readonly ScriptedEvent[]): readonly ScriptedEvent[] {
    return events.filter((event) => !this.#isStored(event))
  }

  /** Holds the counters of each session against the events it was sent, each of which must have been applied once. */
  account(sessions: readonly ScriptedSession[]): Account {
    const surplus = new Map<Counter, number>()
    const deficit = new Map<Counter, number>()
    for (const session of sessions) {
      for (const [counter, expected, stored] of this.#counters(session)) {
        const into = stored > expected ? surplus : deficit
        if (stored !== expected) into.set(counter, (into.get(counter) ?? 0) + Math.abs(stored - expected))
      }
    }
    return { surplus, deficit }
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }

  #isStored({ sessionId, eventId, kind, toolUseId, token }: ScriptedEvent): boolean {
    if (this.#remembersEvents && !this.#has('hook_events WHERE session_id = ? AND event_id = ?', sessionId, eventId))
      return false
    const row = `${sessionId}:${toolUseId}`
    if (kind === 'tool-start') return this.#has('messages WHERE id = ?', row)
    if (kind === 'tool-end') return this.#has('messages WHERE id = ? AND tool_output LIKE ?', row, `%${token}%`)
    return this.#has('sessions WHERE id = ?', sessionId)
  }

  #has(condition: string, ...values: readonly string[]): boolean {
    return this.#db.query<unknown, string[]>(`SELECT 1 FROM ${condition}`).values(...values).length > 0
  }

  /** What is expected of each counter, and what is stored. */
  #counters(session: ScriptedSession): readonly (readonly [Counter, number, number])[] {
    const { id, events } = session
    const [counts] = this.#db.query('SELECT prompt_count, tool_count FROM sessions WHERE id = ?').values(id)
    const tools = session.countOf('tool-start')
    return [
      ['prompt_count', session.countOf('prompt'), Number(counts?.[0] ?? 0)],
      ['tool_count', tools, Number(counts?.[1] ?? 0)],
      ['tool rows', tools, this.#count("messages WHERE type = 'tool' AND session_id = ?", id)],
      ...(this.#remembersEvents
        ? ([['hook_events', events.length, this.#count('hook_events WHERE session_id = ?', id)]] as const)
        : []),
    ]
  }

  #count(condition: string, sessionId: string): number {
    const [row] = this.#db.query<[number], [string]>(`SELECT count(*) FROM ${condition}`).values(sessionId)
    return Number(row?.[0])
  }
}
