/** A host of actors that a hook can make throw, hang or die: what the body of a prompt says, happens. */
import { runHost } from '../../src/actors/host.ts'
import { type Cells, ownPort, type Port } from '../../src/lib/port.ts'

declare const self: Worker & { close(): void }

const port = ownPort(self)
const faulty: Port = {
  ...port,
  onMessage: (listener) =>
    port.onMessage((cells) => {
      fail(cells)
      listener(cells)
    }),
}
runHost(faulty)

function fail(cells: Cells): void {
  for (const cell of cells) {
    if (typeof cell !== 'string' || !cell.includes('"prompt":"fault:')) continue
    if (cell.includes('fault:throw')) throw new Error('asked to throw')
    if (cell.includes('fault:later')) setTimeout(() => Promise.reject(new Error('asked to reject')))
    if (cell.includes('fault:hang')) while (true) Bun.sleepSync(1_000)
  }
}
