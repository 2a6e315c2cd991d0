/** Why the server did not start, in words that say what to do. */
import type { Config } from '../config.ts'
import { formatAddress } from '../lib/bind-address.ts'
import { CliError } from './cli-error.ts'
import { findPortOwner } from './port-owner.ts'

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
  return new CliError('start_failed', error.message, exitCode)
}

async function addressInUse(address: string, port: number): Promise<string> {
  const owner = await findPortOwner(port)
  const by = owner ? `process ${owner.pid} (${owner.command})` : 'another program'
  const advice = owner?.command.includes('orbitdock')
    ? 'It is an OrbitDock server: "orbitdock-server status" says more.'
    : 'Stop it, or choose another port with --bind.'
  return `${address} is in use by ${by}. ${advice}`
}
