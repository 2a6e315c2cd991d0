/** Where the server of a data directory is reached, and whether it lives. */
import { isIPv6 } from 'node:net'
import { formatAddress, parseBindAddress } from '../lib/bind-address.ts'
import type { DataPaths } from '../lib/data-paths.ts'
import { readPidFile } from '../store/pid-file.ts'

export interface ServedAddress {
  readonly pid: number | null
  /** Whether a process of this number exists, whoever it is. */
  readonly alive: boolean
  /** `host:port` at which this machine reaches the server. */
  readonly address: string
}

/** Where a server listens that does not say otherwise, as the original does not. */
const DEFAULT_ADDRESS = '127.0.0.1:4000'

/** Reads the pid file. */
export function servedAddress(paths: DataPaths): ServedAddress {
  const file = readPidFile(paths.pidFile)
  return { pid: file?.pid ?? null, alive: file !== undefined && exists(file.pid), address: reachable(file?.address) }
}

/** An address that means "all of this machine's" is reached over loopback. */
function reachable(text: string | null | undefined): string {
  const address = parseBindAddress(text ?? '')
  if (!address) return DEFAULT_ADDRESS
  const everywhere = address.host === '0.0.0.0' || address.host === '::'
  return formatAddress(everywhere ? { ...address, host: isIPv6(address.host) ? '::1' : '127.0.0.1' } : address)
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
