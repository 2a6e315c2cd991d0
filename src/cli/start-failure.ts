/** Why the server did not start, in words that say what to do. */
import type { Config } from '../config.ts'
import { dataFileError, OTHER_DATA_DIR } from '../install/install-error.ts'
import { ownershipHint } from '../install/ownership.ts'
import { formatAddress } from '../lib/bind-address.ts'
import { CliError } from './cli-error.ts'
import { findPortOwner } from './port-owner.ts'

const OTHER_PORT = 'choose another port with --bind.'
const OTHERS_PORT =
  'Every user needs a port of their own: choose another with --bind. Hooks and commands find it by themselves; ' +
  'OrbitDock.app has to be told.'

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

async function addressInUse(address: string, port: number): Promise<string> {
  const owner = await findPortOwner(port)
  if (!owner) return `${address} is in use by another program. Stop it, or ${OTHER_PORT}`
  const { pid, command, user } = owner
  const program = pid === null ? 'a program' : `process ${pid} (${command})`
  if (user !== null) return `${address} is in use by ${program} of user ${user}. ${OTHERS_PORT}`
  const isOurs = command.includes('orbitdock')
  return isOurs
    ? `${address} is in use by ${program}, which serves another data directory. Stop it (kill ${pid}), or ${OTHER_PORT}`
    : `${address} is in use by ${program}. Stop it, or ${OTHER_PORT}`
}

/** What is wrong with the data directory, with the way out; other faults of the database say so themselves. */
function storageFailure(error: Error): string {
  const { message, cause } = error
  if (!('fault' in error && (error.fault === 'read_only' || error.fault === 'unavailable'))) return message
  const path = 'path' in error ? String(error.path) : ''
  if (cause instanceof Error && 'syscall' in cause) return dataFileError('write', path, cause).message
  return `${message}${ownershipHint(path)} ${OTHER_DATA_DIR}`
}
