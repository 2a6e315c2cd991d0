/** Which server a command talks to, how, and with which token. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { resolveDataDir } from '../config.ts'
import { dataPaths } from '../lib/data-paths.ts'
import { CliError } from './cli-error.ts'
import { servedAddress } from './served-address.ts'

export interface Target {
  /** What the WebSocket opens. */
  readonly socketUrl: string
  /** The same place for a plain request, which can say why the socket did not open. */
  readonly httpUrl: string
  readonly unixSocket: string | null
  readonly token: string | null
  /** For messages to a person. */
  readonly name: string
}

export interface TargetFlags {
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly config?: string | undefined
  readonly dataDir?: string | undefined
}

/**
 * Flags, then environment, then the configuration file; without a URL it is the server of the data directory, over its unix
 * socket where there is one. The token that lies in the data directory goes to that server only, never to a URL.
 */
export async function resolveTarget(flags: TargetFlags, env = process.env, home = homedir()): Promise<Target> {
  const file = await readClientConfig(
    filled(flags.config) ?? filled(env.ORBITDOCK_CONFIG) ?? join(home, '.orbitdock', 'cli.toml'),
  )
  const url = filled(flags.server) ?? filled(env.ORBITDOCK_URL) ?? file.server
  const token = filled(flags.token) ?? filled(env.ORBITDOCK_TOKEN) ?? file.token
  if (url !== undefined) return targetOfUrl(url, token ?? null)
  const paths = dataPaths(resolveDataDir({ flags: { dataDir: flags.dataDir }, env, home }))
  const { address, alive } = servedAddress(paths)
  const ownToken = token ?? filled(await readFile(paths.authToken, 'utf8').catch(() => '')) ?? null
  if (existsSync(paths.socket) && isPlain(paths.socket)) {
    return {
      socketUrl: `ws+unix://${paths.socket}:/ws`,
      httpUrl: 'http://localhost/ws',
      unixSocket: paths.socket,
      token: ownToken,
      name: paths.socket,
    }
  }
  // Without a server of ours, somebody else may listen there.
  return targetOfUrl(`http://${address}`, alive ? ownToken : (token ?? null))
}

function targetOfUrl(text: string, token: string | null): Target {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`)
  const secure = url?.protocol === 'https:' || url?.protocol === 'wss:'
  if (!url || !(secure || url.protocol === 'http:' || url.protocol === 'ws:')) {
    throw new CliError('invalid_url', `"${text}" is not the URL of a server. Write http://127.0.0.1:4000.`)
  }
  const path = `${url.host}${url.pathname.replace(/\/(ws)?$/, '')}/ws`
  return {
    socketUrl: `${secure ? 'wss' : 'ws'}://${path}`,
    httpUrl: `${secure ? 'https' : 'http'}://${path}`,
    unixSocket: null,
    token,
    name: url.host,
  }
}

/** Reads `server` and `token`; a file that is missing or unreadable counts as empty. */
async function readClientConfig(path: string): Promise<{ readonly server?: string; readonly token?: string }> {
  try {
    const said: Record<string, unknown> = { ...Object(Bun.TOML.parse(await readFile(path, 'utf8'))) }
    const server = filled(said.server)
    const token = filled(said.token)
    return { ...(server && { server }), ...(token && { token }) }
  } catch {
    return {}
  }
}

/** The value without surrounding blanks, or undefined when nothing is left. */
function filled(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined
}

/** Bun's `ws+unix:` does not decode what a URL must encode. */
function isPlain(path: string): boolean {
  return encodeURI(path) === path && !path.includes(':')
}
