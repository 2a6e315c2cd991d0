/** Entry of the worker that owns the writing connection to the database. */
import { ownPort } from '../lib/port.ts'
import { runStoreHost } from './store-host.ts'

declare const self: Worker & { close(): void }

runStoreHost(ownPort(self))
