/** What the connector of any agent promises: it speaks the language of one agent, and tells what happens as session events. */
import type { LogFields, LogLevel } from '../lib/log.ts'
import type { GatewayMessage } from '../protocol/client/index.ts'
import type { ServerMessage } from '../protocol/server/index.ts'
import type { AgentAction } from '../session/effects.ts'
import type { SessionEvent } from '../session/events.ts'

/** What clients ask of an agent that runs. */
export type AgentQuestion = Extract<
  GatewayMessage,
  { type: 'list_mcp_tools' | 'refresh_mcp_servers' | 'get_context_usage' | 'stop_task' }
>

/** One conversation with one agent. */
export interface Connector {
  /** Starts the agent; settles when it takes prompts. Rejects with AgentError, and then no process of it is left. */
  start(): Promise<void>
  /** Does what the session wants, in order, once the agent has started. What comes of it is told as events. */
  act(action: AgentAction): void
  /**
   * Puts the files that the agent has changed back as they were before a prompt, given the agent's id of it. Settles with the
   * paths of those that were changed. Rejects with AgentError where the agent cannot.
   */
  restoreFiles(promptId: string): Promise<readonly string[]>
  /** What a client asks: settles with the answer, null where it comes as events. Rejects with AgentError. */
  answer(question: AgentQuestion): Promise<ServerMessage | null>
  /** Ends the agent, `gently` at the end of what it is doing; settles when no process of it is left. */
  stop(gently: boolean): Promise<void>
}

/** Whom a connector tells. */
export interface ConnectorListener {
  events(events: readonly SessionEvent[]): void
  /** The process of the agent runs. */
  spawned(pid: number): void
  /** The process is gone; `reason`, for people, unless it was asked to leave. */
  exited(reason: string | null): void
  log(level: LogLevel, event: string, fields: LogFields): void
}

/** An agent that could not be started, or that did not answer; the message says what to do. */
export class AgentError extends Error {
  override readonly name = 'AgentError'
}
