/** How Claude Code is started for a session that the server drives, and how such a process is recognised. */

export interface ClaudeLaunch {
  /** The session of ours. */
  readonly sessionId: string
  /** The conversation as Claude calls it. */
  readonly conversationId: string
  /** Whether the conversation is there already. */
  readonly resumes: boolean
  readonly model: string | null
  readonly permissionMode: string | null
  readonly allowedTools: readonly string[]
  readonly disallowedTools: readonly string[]
  /** The transcript with a copy of which the conversation begins. */
  readonly copies?: string | undefined
  /** The entry behind which it goes on, where that is not the last. */
  readonly goesOnBehind?: string | undefined
}

/** Where the conversation goes on, as it turns out at the moment of the start. */
export type Standing = Pick<ClaudeLaunch, 'resumes' | 'copies' | 'goesOnBehind'>

/** The word under which the CLI notes in its own records who started it. */
export const ENTRYPOINT = 'orbitdock'

/** What makes the CLI speak with a program, in both directions, and ask it for permission. */
const STREAM_JSON = [
  '-p',
  ...['--input-format', 'stream-json'],
  ...['--output-format', 'stream-json'],
  '--verbose',
  '--include-partial-messages',
  ...['--permission-prompt-tool', 'stdio'],
  '--replay-user-messages',
]

/** Says that a process runs inside a Claude; ours does not, wherever the server was started. */
const NESTING = ['CLAUDECODE', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_CODE_SSE_PORT', 'CLAUDE_ENV_FILE', 'AI_AGENT']

/** The arguments behind the program. */
export function claudeArguments(launch: ClaudeLaunch): string[] {
  const { model, permissionMode, allowedTools, disallowedTools } = launch
  return [
    ...STREAM_JSON,
    ...conversationArguments(launch),
    ...(model === null ? [] : ['--model', model]),
    ...(permissionMode === null ? [] : ['--permission-mode', permissionMode]),
    ...(allowedTools.length === 0 ? [] : ['--allowedTools', allowedTools.join(',')]),
    ...(disallowedTools.length === 0 ? [] : ['--disallowedTools', disallowedTools.join(',')]),
  ]
}

function conversationArguments({ conversationId, resumes, copies, goesOnBehind }: ClaudeLaunch): string[] {
  const place = goesOnBehind === undefined ? [] : ['--resume-session-at', goesOnBehind]
  if (copies !== undefined) return ['--resume', copies, '--fork-session', '--session-id', conversationId, ...place]
  return resumes ? ['--resume', conversationId, ...place] : ['--session-id', conversationId]
}

/** The environment: the server's own, and what tells the CLI and its hooks whose it is. */
export function claudeEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  sessionId: string,
): Record<string, string> {
  const kept = Object.entries(inherited).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NESTING.includes(entry[0]),
  )
  return {
    ...Object.fromEntries(kept),
    ORBITDOCK_SESSION_ID: sessionId,
    CLAUDE_CODE_ENTRYPOINT: ENTRYPOINT,
    CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING: 'true',
    CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1',
  }
}

/** Whether a command line is one that `claudeArguments` made. */
export function isDirectClaude(words: readonly string[]): boolean {
  const at = words.indexOf('--permission-prompt-tool')
  return at >= 0 && words[at + 1] === 'stdio' && words.includes('--replay-user-messages')
}
