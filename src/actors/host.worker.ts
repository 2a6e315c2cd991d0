/** Entry of a worker that hosts actors. */
import { ownPort } from '../lib/port.ts'
import { runHost } from './host.ts'

declare const self: Worker & { close(): void }

runHost(ownPort(self))
