/** Where hosts run: in workers of their own, or all in the main thread. */
import type { HostThread } from './actors/host-slot.ts'
import { localPair, type Port, workerPort } from './lib/port.ts'

/** One way of running the hosts; both speak the same letters. */
export interface Threads {
  actors(): HostThread
  store(): HostThread
  /** Milliseconds of silence after which a thread of actors counts as hung; a named limit when not given. */
  readonly silenceMs?: number
}

/** A worker for each host. The files are entry points of the compiled binary too (see build.ts). */
export const workerThreads: Threads = {
  actors: () => inWorker(new URL('./actors/host.worker.ts', import.meta.url).href),
  store: () => inWorker(new URL('./store/store.worker.ts', import.meta.url).href),
}

/** Everything in this thread; `run…` serve the port that they are given. */
export function localThreads(runActors: (port: Port) => void, runStore: (port: Port) => void): Threads {
  return { actors: () => inThisThread(runActors), store: () => inThisThread(runStore) }
}

function inWorker(url: string): HostThread {
  const worker = new Worker(url)
  const port = workerPort(worker)
  let listener: (reason: string) => void = () => {}
  let reason: string | undefined
  worker.addEventListener('error', (event) => {
    // A source excerpt, of which the first line is the message.
    reason ??= String(event.message).split('\n', 1).join('') || 'uncaught error'
  })
  worker.addEventListener('close', () => listener(reason ?? 'ended'))
  return {
    port,
    onDeath: (heard) => {
      listener = heard
    },
  }
}

function inThisThread(run: (port: Port) => void): HostThread {
  const [here, there] = localPair()
  run(there)
  return { port: here, onDeath() {} }
}
