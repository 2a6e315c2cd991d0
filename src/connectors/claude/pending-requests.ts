/** Requests of ours that Claude has not answered yet, each with a deadline. */
import type { JsonObject } from '../../lib/json.ts'
import { CLAUDE_REQUEST_MS } from '../../lib/limits.ts'
import type { Timers } from '../../lib/timers.ts'
import { AgentError } from '../connector.ts'

interface Pending {
  readonly subtype: string
  cancelDeadline(): void
  resolve(response: JsonObject): void
  reject(error: AgentError): void
}

export class PendingRequests {
  readonly #timers: Timers
  readonly #pending = new Map<string, Pending>()
  #next = 1

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Takes up a request; `send` gets the id that its answer will carry, and throws where it cannot be sent. Rejects with AgentError. */
  put(subtype: string, send: (id: string) => void, timeoutMs = CLAUDE_REQUEST_MS): Promise<JsonObject> {
    const id = `orbitdock-${this.#next++}`
    send(id)
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>()
    const late = () => this.#take(id)?.reject(new AgentError(`Claude did not answer "${subtype}" in time.`))
    this.#pending.set(id, { subtype, cancelDeadline: this.#timers.after(timeoutMs, late), resolve, reject })
    return promise
  }

  /** An answer came; one under an id that nobody waits for is none of ours. */
  settle(id: string, error: string | null, response: JsonObject): void {
    const pending = this.#take(id)
    if (error === null) pending?.resolve(response)
    else pending?.reject(new AgentError(refusalOf(pending.subtype, error)))
  }

  /** Nobody will answer any more. */
  fail(reason: string): void {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(new AgentError(reason))
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id)
    pending?.cancelDeadline()
    this.#pending.delete(id)
    return pending
  }
}

/** How both pinned versions begin their answer to what they do not know. */
const UNSUPPORTED = 'Unsupported control request'

const CANNOT: Readonly<Record<string, string>> = {
  set_model: 'change its model while it runs',
  set_permission_mode: 'change its permission mode while it runs',
  apply_flag_settings: 'change its effort while it runs',
  mcp_status: 'list its MCP servers',
  mcp_reconnect: 'start MCP servers again',
  get_context_usage: 'tell what fills its context',
  stop_task: 'stop a task',
}

function refusalOf(subtype: string, error: string): string {
  if (!error.startsWith(UNSUPPORTED)) return `Claude refused "${subtype}": ${error}`
  return `This version of Claude Code cannot ${CANNOT[subtype] ?? `answer "${subtype}"`}; update it.`
}
