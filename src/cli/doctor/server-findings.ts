/** The server: whether it runs, in which version, or who has its place. */
import { existsSync, readFileSync } from 'node:fs'
import { serviceFileOf } from '../../install/service.ts'
import { parseBindAddress } from '../../lib/bind-address.ts'
import { version } from '../../lib/version.ts'
import { readPidFile } from '../../store/pid-file.ts'
import { addressInUse } from '../address-in-use.ts'
import type { InstallContext } from '../install-command.ts'
import { findPortOwner } from '../port-owner.ts'
import { observeServer, type ServerObservation } from '../server-observation.ts'
import { clean } from '../terminal-text.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export async function serverFindings(context: InstallContext): Promise<readonly Finding[]> {
  const seen = await observeServer(context.paths)
  const running = await runningFinding(context, seen)
  const warnings = seen.alive ? (seen.health?.warnings ?? []) : []
  return [running, ...warnings.map((text) => warn('server_warning', clean(text))), ...serviceFindings(context)]
}

async function runningFinding({ paths }: InstallContext, seen: ServerObservation): Promise<Finding> {
  const { pid, alive, address, health, problem } = seen
  if (!alive) return absentFinding(address)
  if (health === null) {
    return fail(
      'server',
      `Process ${pid} exists, but ${address} does not answer: ${problem}.`,
      `kill ${pid}; orbitdock-server start`,
    )
  }
  if (readPidFile(paths.pidFile)?.address === null) {
    return warn(
      'server',
      `The server that this one replaces runs as process ${pid}, at ${address}.`,
      `kill ${pid}; orbitdock-server start (one that comes back has a service: orbitdock-server install-service --enable)`,
    )
  }
  const running = `The server runs as process ${pid}, at http://${address}`
  if (health.version === version) return ok('server', running)
  return warn('server', `${running}, in version ${clean(health.version)}; this is ${version}.`, 'Restart it.')
}

async function absentFinding(address: string): Promise<Finding> {
  const port = parseBindAddress(address)?.port ?? 0
  const isTaken = (await findPortOwner(port)) !== null
  if (!isTaken) return warn('server', 'The server does not run.', 'orbitdock-server start')
  return warn('server', `The server does not run. ${await addressInUse(address, port)}`)
}

/** The original's service starts a server without naming its data directory; ours always does. */
function serviceFindings(context: InstallContext): readonly Finding[] {
  const file = serviceFileOf(context)
  if (file === null || !existsSync(file)) return []
  return [
    readFileSync(file, 'utf8').includes('--data-dir')
      ? ok('service', `It starts by itself, by ${file}`)
      : warn(
          'service',
          `${file} is of the server that this one replaces.`,
          'orbitdock-server install-service --enable',
        ),
  ]
}
