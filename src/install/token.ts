/** The token that our own hook script and commands present, and that other clients are given. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import type { DataPaths } from '../lib/data-paths.ts'
import { replaceFile } from '../lib/replace-file.ts'
import { dataFileError } from './install-error.ts'
import { shellWord } from './shell-quote.ts'

const TOKEN_BYTES = 32
const PRIVATE = 0o600

/** Makes a new token in the place of any earlier one. Returns the lines to print, the token among them; throws InstallError. */
export function generateToken({ paths }: { readonly paths: DataPaths }): readonly string[] {
  // Hexadecimal, because base64url may begin with "-", which no command line takes for a value.
  const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toHex()
  storeToken(paths, token)
  return [
    `  Token: ${token}`,
    `  Kept in ${paths.authToken}, where the hooks and commands of this machine find it.`,
    '',
    '  To be reached from other machines, start the server with it:',
    `    ORBITDOCK_AUTH_TOKEN="$(cat ${shellWord(paths.authToken)})" orbitdock-server start --bind 0.0.0.0:4000`,
    '  Clients send "Authorization: Bearer <token>", or connect to ws://HOST:4000/ws?token=<token>.',
  ]
}

/** Lets the hooks present the token of the data directory, which is made when there is none. Throws InstallError. */
export function ensureToken(paths: DataPaths): void {
  const token = readToken(paths)
  if (token === null) generateToken({ paths })
  else storeToken(paths, token)
}

/** The token of the data directory; null when there is none. Throws InstallError when it cannot be read. */
export function readToken({ authToken }: DataPaths): string | null {
  try {
    return existsSync(authToken) ? readFileSync(authToken, 'utf8').trim() || null : null
  } catch (error) {
    throw dataFileError('read', authToken, error)
  }
}

/** Also as a curl configuration, so that it never stands in a list of processes. */
function storeToken(paths: DataPaths, token: string): void {
  try {
    mkdirSync(paths.root, { recursive: true, mode: 0o700 })
    replaceFile(paths.authToken, `${token}\n`, PRIVATE)
    const quoted = token.replace(/["\\]/g, '\\$&')
    replaceFile(paths.hookCurlConfig, `header = "Authorization: Bearer ${quoted}"\n`, PRIVATE)
  } catch (error) {
    throw dataFileError('write the token into', paths.root, error)
  }
}
