/** Makes the script that Claude Code runs for each of its events. */
import { basename } from 'node:path'
import { dataPaths } from '../lib/data-paths.ts'
import type { Environment } from './claude-version.ts'
import template from './hook.sh' with { type: 'text' }
import { shellQuote } from './shell-quote.ts'

/** Events that wait for the server at most; then new ones are dropped, so that nobody's disk fills up. */
const SPOOL_FILES_MAX = 100_000
/** Refused events kept for people to look at. */
const FAILED_FILES_MAX = 1_000
/** Events that a hook brings to a server elsewhere before its own; more would hold up the agent. */
const FORWARDED_MAX = 10

export interface HookScriptOptions {
  /** Absolute path. */
  readonly dataDir: string
  readonly hostId: string
  /** Base URL of the server; null means the socket in the data directory. */
  readonly serverUrl: string | null
}

/** The text of `hook.sh`. It names the socket by its name alone and goes to its directory: curl knows no long paths. */
export function renderHookScript({ dataDir, hostId, serverUrl }: HookScriptOptions): string {
  const { socket } = dataPaths(dataDir)
  const values: Readonly<Record<string, string>> = {
    DATA_DIR: shellQuote(dataDir),
    URL: shellQuote(`${serverUrl?.replace(/\/+$/, '') ?? 'http://localhost'}/api/hook`),
    SOCKET: shellQuote(serverUrl === null ? basename(socket) : ''),
    HOST_ID: shellQuote(hostId),
    SPOOL_FILES_MAX: `${SPOOL_FILES_MAX}`,
    FAILED_FILES_MAX: `${FAILED_FILES_MAX}`,
    FORWARDED_MAX: `${FORWARDED_MAX}`,
  }
  return template.replace(/@([A-Z_]+)@/g, (placeholder, name: string) => values[name] ?? placeholder)
}

/** The curl that the script would find in an environment; null when there is none. */
export function curlOfHooks({ PATH = '' }: Environment): string | null {
  return Bun.which('curl', { PATH: `/usr/bin:/bin:${PATH}:/usr/local/bin:/opt/homebrew/bin` })
}
