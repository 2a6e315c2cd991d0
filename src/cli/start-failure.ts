/** Why the server did not start, in words that say what to do. */
import type { Config } from '../config.ts'
import { dataFileError, OTHER_DATA_DIR } from '../install/install-error.ts'
import { ownershipHint } from '../install/ownership.ts'
import { formatAddress } from '../lib/bind-address.ts'
import { addressInUse } from './address-in-use.ts'
import { CliError } from './cli-error.ts'

/** Errors of system calls whose cure depends on the address. */
const ADDRESS_FAULTS: Readonly<Record<string, (address: string, port: number) => Promise<string> | string>> = {
  EADDRINUSE: addressInUse,
  EACCES: (address) =>
    `Not allowed to listen on ${address}. Ports below 1024 belong to root: choose another with --bind.`,
  EADDRNOTAVAIL: (address) =>
    `This machine has no address ${address}. Choose one that it has with --bind, or 0.0.0.0 for all of them.`,
}

/** The error to show for whatever `startServer` failed with. */
export async function explainStartFailure(error: unknown, config: Config): Promise<CliError> {
  if (!(error instanceof Error)) return new CliError('start_failed', String(error))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const explain = 'syscall' in error && error.syscall !== 'listen' ? undefined : ADDRESS_FAULTS[code]
  if (explain) return new CliError('start_failed', await explain(formatAddress(config.bind), config.bind.port))
  const exitCode = 'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : undefined
  return new CliError('start_failed', storageFailure(error), exitCode)
}

/** What is wrong with the data directory, with the way out; other faults of the database say so themselves. */
function storageFailure(error: Error): string {
  const { message, cause } = error
  if (!('fault' in error && (error.fault === 'read_only' || error.fault === 'unavailable'))) return message
  const path = 'path' in error ? String(error.path) : ''
  if (cause instanceof Error && 'syscall' in cause) return dataFileError('write', path, cause).message
  return `${message}${ownershipHint(path)} ${OTHER_DATA_DIR}`
}
