/** What can be seen of a server from outside: its pid file, its /health, its database, its spool. */
import { stat } from 'node:fs/promises'
import type { DataPaths } from '../lib/data-paths.ts'
import { httpGet } from './http-get.ts'
import { servedAddress } from './served-address.ts'
import { countSpool, type SpoolCount } from './spool-count.ts'

export interface ServerObservation {
  readonly pid: number | null
  readonly alive: boolean
  /** `host:port` that was asked, reachable from this machine. */
  readonly address: string
  readonly health: Health | null
  /** Why there is no health. */
  readonly problem: string | null
  /** `bytes` counts the write-ahead log too. */
  readonly database: { readonly path: string; readonly bytes: number } | null
  readonly spool: SpoolCount
}

export interface Health {
  readonly status: string
  readonly version: string
  readonly warnings: readonly string[]
}

/** Milliseconds for an answer to /health. */
const HEALTH_MS_MAX = 2_000

/** Looks at the server of a data directory; a server that is down is an observation too. */
export async function observeServer(paths: DataPaths): Promise<ServerObservation> {
  const { pid, alive, address } = servedAddress(paths)
  const [{ health, problem }, database, spool] = await Promise.all([
    askHealth(address),
    sizeOfDatabase(paths.database),
    countSpool(paths),
  ])
  return { pid, alive, address, health, problem, database, spool }
}

async function askHealth(address: string): Promise<Pick<ServerObservation, 'health' | 'problem'>> {
  try {
    const { status, body } = await httpGet(`http://${address}/health`, { timeoutMs: HEALTH_MS_MAX })
    return status === 200 ? { health: readHealth(body), problem: null } : { health: null, problem: `HTTP ${status}` }
  } catch (error) {
    return { health: null, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Reads the answer leniently: an older server says less. */
function readHealth(text: string): Health {
  const unknown = { status: 'ok', version: 'unknown', warnings: [] }
  try {
    const said: Partial<Record<keyof Health, unknown>> = JSON.parse(text) ?? {}
    return {
      status: typeof said.status === 'string' ? said.status : unknown.status,
      version: typeof said.version === 'string' ? said.version : unknown.version,
      warnings: Array.isArray(said.warnings) ? said.warnings.map(String) : [],
    }
  } catch {
    return unknown
  }
}

async function sizeOfDatabase(path: string): Promise<ServerObservation['database']> {
  const sizes = await Promise.all([path, `${path}-wal`].map((file) => stat(file).catch(() => null)))
  const [main, log] = sizes
  return main ? { path, bytes: main.size + (log?.size ?? 0) } : null
}
