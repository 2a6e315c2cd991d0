/** Where everything of one data directory lives. */
import { join } from 'node:path'

export interface DataPaths {
  readonly root: string
  readonly database: string
  /** Line 1: process id (as the original writes it); line 2: address that is served. */
  readonly pidFile: string
  /** Presented by our own hook script and commands; 0600. */
  readonly authToken: string
  /** The key that names sessions, as a client has given it; 0600. */
  readonly openAiKey: string
  readonly hookScript: string
  /** What the hook script reads at call time: a curl configuration with the token, 0600. */
  readonly hookCurlConfig: string
  /** A random name for this machine, so that process ids from containers and other hosts are not taken for ours. */
  readonly hostId: string
  readonly socket: string
  readonly logs: string
  readonly logFile: string
  readonly spool: string
  /** Spool files that can never be applied. */
  readonly spoolFailed: string
  readonly images: string
}

/** The layout below a data directory; absolute if `root` is. */
export function dataPaths(root: string): DataPaths {
  const at = (...parts: string[]) => join(root, ...parts)
  return {
    root,
    database: at('orbitdock.db'),
    pidFile: at('orbitdock.pid'),
    authToken: at('auth-token'),
    openAiKey: at('openai-key'),
    hookScript: at('hook.sh'),
    hookCurlConfig: at('hook.curl'),
    hostId: at('host-id'),
    socket: at('server.sock'),
    logs: at('logs'),
    logFile: at('logs', 'server.log'),
    spool: at('spool'),
    spoolFailed: at('spool', 'failed'),
    images: at('images'),
  }
}
