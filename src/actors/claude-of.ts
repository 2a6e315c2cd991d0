/** Makes the connector of a session of Claude Code from what the session is. */
import { ClaudeConnector } from '../connectors/claude/claude-connector.ts'
import type { Standing } from '../connectors/claude/launch.ts'
import { requiredClaude } from '../connectors/claude/required-claude.ts'
import type { Connector, ConnectorListener } from '../connectors/connector.ts'
import { findTranscript } from '../hooks/transcript-path.ts'
import type { Timers } from '../lib/timers.ts'
import type { ToolLists } from '../session/effects.ts'
import type { SessionState } from '../session/state.ts'
import type { HostOptions } from './host.ts'

export interface ClaudeOfParts {
  readonly options: Pick<HostOptions, 'claudeBin' | 'claudeConfigDir' | 'home'>
  readonly tools: ToolLists
  /** Where the conversation goes on; asked when it starts. */
  readonly standing: () => Promise<Partial<Standing>>
  readonly listener: ConnectorListener
  readonly timers: Timers
}

/** A connector that has not started yet. Throws AgentError where there is no Claude. */
export function claudeOf(
  state: SessionState,
  { options, tools, standing, listener, timers }: ClaudeOfParts,
): Connector {
  const { id, claudeSdkSessionId, model, permissionMode, projectPath } = state
  const places = { configDirectory: options.claudeConfigDir, home: options.home }
  return new ClaudeConnector({
    program: requiredClaude({ configured: options.claudeBin, home: options.home, path: process.env.PATH ?? '' }),
    // Claude looks for a conversation below the directory in which it began.
    cwd: projectPath,
    env: process.env,
    launch: {
      sessionId: id,
      conversationId: claudeSdkSessionId ?? id,
      resumes: claudeSdkSessionId !== null || findTranscript(id, projectPath, places) !== null,
      model,
      permissionMode,
      ...tools,
    },
    standing,
    listener,
    timers,
  })
}
