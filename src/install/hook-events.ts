/** Which events of Claude Code the product listens to, and with which command. */
import { shellWord } from './shell-quote.ts'

/** A hook as Claude's settings.json writes it; `timeout` in seconds. */
export interface CommandHook {
  readonly type: 'command'
  readonly command: string
  readonly timeout: number
}

/** Seconds: the script gives up after 3 and keeps the event. SessionEnd without a limit of its own gets 1.5 altogether. */
const TIMEOUT_S = 5
/** Seconds a permission prompt may be answered from here; Claude ends the script when it is answered in the terminal. */
const ASK_TIMEOUT_S = 86_400

/** Events that every version knows which has PermissionRequest (2.0.70 and before), with the message that carries them. */
const EVENTS_OF_ALL_VERSIONS = {
  SessionStart: 'claude_session_start',
  SessionEnd: 'claude_session_end',
  UserPromptSubmit: 'claude_status_event',
  Stop: 'claude_status_event',
  Notification: 'claude_status_event',
  PreCompact: 'claude_status_event',
  PreToolUse: 'claude_tool_event',
  PostToolUse: 'claude_tool_event',
  PostToolUseFailure: 'claude_tool_event',
  PermissionRequest: 'claude_tool_event ask',
  SubagentStart: 'claude_subagent_event',
  SubagentStop: 'claude_subagent_event',
} as const

const NEWER_EVENTS = {
  StopFailure: 'claude_status_event',
  PostCompact: 'claude_status_event',
  PostToolBatch: 'claude_status_event',
  CwdChanged: 'claude_status_event',
  Elicitation: 'claude_status_event',
  PermissionDenied: 'claude_tool_event',
} as const

/** A hook for each event; `exec` makes the script a child of Claude itself, whose process id it reports. */
export function hooksByEvent(hookScript: string, newerEvents: boolean): ReadonlyMap<string, CommandHook> {
  const events = { ...EVENTS_OF_ALL_VERSIONS, ...(newerEvents && NEWER_EVENTS) }
  return new Map(
    Object.entries(events).map(([event, argument]) => [
      event,
      {
        type: 'command',
        command: `exec ${shellWord(hookScript)} ${argument}`,
        timeout: event === 'PermissionRequest' ? ASK_TIMEOUT_S : TIMEOUT_S,
      },
    ]),
  )
}

const TYPE = 'claude_(?:session_start|session_end|status_event|tool_event|subagent_event)'
/** Our script, or the original's, in any data directory: the types are words that nobody else uses. */
const SCRIPT = new RegExp(`^(?:exec )?(['"]?)[/~$].*/hook\\.sh\\1\\s+${TYPE}(?:\\s+ask)?\\s*$`)
/** What later versions of the original run in place of a script. */
const FORWARD = new RegExp(`^(['"]?)(?:[/~$].*/)?orbitdock(?:-server)?\\1\\s+hook-forward\\s+${TYPE}`)

/** Whether a command is one that OrbitDock put into the settings, whichever version of it. */
export function isOurCommand(command: string): boolean {
  return SCRIPT.test(command) || FORWARD.test(command)
}
