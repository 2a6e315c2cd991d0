/** Who has an address that the server wants, and what to do about it. */
import { findPortOwner } from './port-owner.ts'

const OTHER_PORT = 'choose another port with --bind.'
const OTHERS_PORT =
  'Every user needs a port of their own: choose another with --bind. Hooks and commands find it by themselves; ' +
  'OrbitDock.app has to be told.'

/** Two sentences for a person. */
export async function addressInUse(address: string, port: number): Promise<string> {
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
