/** Tells how far the MCP servers of a Claude have come, which Claude only tells when it is asked. */
import type { JsonObject } from '../../lib/json.ts'
import { MCP_LOOK_MS, MCP_LOOKS_MAX } from '../../lib/limits.ts'
import type { Timers } from '../../lib/timers.ts'
import type { ServerMessage } from '../../protocol/server/index.ts'
import { type McpServer, mcpServersIn } from './mcp-servers.ts'

export interface McpStartupParts {
  readonly sessionId: string
  /** Asks Claude for `mcp_status`. */
  status(): Promise<JsonObject>
  tell(frames: readonly ServerMessage[]): void
  readonly timers: Timers
}

export class McpStartup {
  readonly #parts: McpStartupParts
  /** What was told last of each server, as JSON. */
  #told = new Map<string, string>()
  #looksLeft = 0
  #cancel: (() => void) | undefined

  constructor(parts: McpStartupParts) {
    this.#parts = parts
  }

  /** Tells everything from the beginning, until no server is starting any more. */
  async watch(): Promise<void> {
    this.close()
    this.#told = new Map()
    this.#looksLeft = MCP_LOOKS_MAX
    await this.#look()
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  async #look(): Promise<void> {
    const { sessionId, status, tell, timers } = this.#parts
    this.#looksLeft--
    const told = this.#told
    const answer = await status()
    // Somebody has begun anew meanwhile.
    if (told !== this.#told) return
    const servers = mcpServersIn(answer).map((server) => (this.#looksLeft > 0 ? server : givenUp(server)))
    if (servers.length === 0) return
    const news = servers.filter((server) => told.get(server.name) !== JSON.stringify(server.status))
    for (const server of news) told.set(server.name, JSON.stringify(server.status))
    tell(news.map((server) => update(sessionId, server)))
    if (servers.every(isSettled)) return tell([complete(sessionId, servers)])
    this.#cancel = timers.after(MCP_LOOK_MS, () => {
      // Claude may have left by then, and that is told elsewhere.
      this.#look().catch(() => {})
    })
  }
}

function isSettled({ status }: McpServer): boolean {
  return status.state !== 'starting'
}

function givenUp(server: McpServer): McpServer {
  return isSettled(server) ? server : { ...server, status: { state: 'failed', error: 'It did not start in time.' } }
}

function update(sessionId: string, { name, status }: McpServer): ServerMessage {
  return { type: 'mcp_startup_update', session_id: sessionId, server: name, status }
}

function complete(sessionId: string, servers: readonly McpServer[]): ServerMessage {
  const named = (state: McpServer['status']['state']) => servers.filter(({ status }) => status.state === state)
  return {
    type: 'mcp_startup_complete',
    session_id: sessionId,
    ready: named('ready').map(({ name }) => name),
    failed: servers.flatMap(({ name, status }) =>
      status.state === 'failed' ? [{ server: name, error: status.error }] : [],
    ),
    cancelled: named('cancelled').map(({ name }) => name),
  }
}
