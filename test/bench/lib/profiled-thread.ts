/**
 * Preloaded into each thread of a server that is profiled: samples the thread between two moments and writes what it saw.
 * Bun's own `--cpu-prof` knows only the main thread.
 */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { basename, join } from 'node:path'

const { PROFILE_DIR = '', PROFILE_THREAD = 'main', PROFILE_FROM_MS = '0', PROFILE_UNTIL_MS = '0' } = process.env
/** Microseconds between two samples. */
const INTERVAL_US = 500

if (PROFILE_THREAD === 'main') profileWorkersToo()

const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US })
setTimeout(() => session.post('Profiler.start'), Number(PROFILE_FROM_MS) - Date.now())
setTimeout(() => {
  session.post('Profiler.stop', (_, { profile }) => {
    const file = join(PROFILE_DIR, `${PROFILE_THREAD}-${process.hrtime.bigint()}.cpuprofile`)
    writeFileSync(file, JSON.stringify(profile))
  })
}, Number(PROFILE_UNTIL_MS) - Date.now())

function profileWorkersToo(): void {
  const Unprofiled = globalThis.Worker
  globalThis.Worker = class extends Unprofiled {
    constructor(url: string | URL, options: WorkerOptions = {}) {
      const env = { ...process.env, PROFILE_THREAD: basename(String(url), '.worker.ts') }
      super(url, { ...options, env, preload: [import.meta.path] })
    }
  }
}
