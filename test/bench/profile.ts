/** Shows where the processor time of the server goes: by thread, as the system counts it, and by function of our source. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { ingest } from './benchmarks/ingest.ts'
import { cpuByThread } from './lib/proc.ts'
import { StatusProbe } from './lib/status-probe.ts'
import { BenchServer } from './lib/subject.ts'

const ROOT = join(import.meta.dir, '..', '..')
/** Milliseconds that the threads get to write what they saw. */
const WRITE_MS = 1_500
const FUNCTIONS_SHOWN = 40

type Threads = ReadonlyMap<string, number>

interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

const { values } = parseArgs({
  options: {
    load: { type: 'string', default: 'ingest' },
    seconds: { type: 'string', default: '4' },
    /** Seconds in which the runtime compiles what is hot. */
    'warm-up': { type: 'string', default: '6' },
    workers: { type: 'string' },
    keep: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const warmUpSeconds = Number(values['warm-up'])
const directory = values.keep ?? mkdtempSync(join(tmpdir(), 'orbitdock-profile-'))
mkdirSync(directory, { recursive: true })

const from = Date.now() + (warmUpSeconds + 2) * 1000
const command = [
  'env',
  `PROFILE_DIR=${directory}`,
  `PROFILE_FROM_MS=${from}`,
  `PROFILE_UNTIL_MS=${from + seconds * 1000}`,
  ...(values.workers ? [`ORBITDOCK_WORKERS=${values.workers}`] : []),
  `bun --preload ${join(import.meta.dir, 'lib', 'profiled-thread.ts')} ${join(ROOT, 'src', 'main.ts')}`,
]
await measure(BenchServer.of(command.join(' ')))
if (!values.keep) rmSync(directory, { recursive: true })
process.exit(0)

async function measure(started: BenchServer): Promise<void> {
  await using server = started
  await server.start()
  const load = await makeLoad(server)
  await load(warmUpSeconds)
  await Bun.sleep(Math.max(0, from - Date.now()))
  const before = cpuByThread(server.pid)
  const events = await load(seconds)
  const after = cpuByThread(server.pid)
  await Bun.sleep(WRITE_MS)
  process.stdout.write(`${values.load}: ${events} events in ${seconds} s\n\nprocessor time per event, by thread\n`)
  showThreads(before, after, events)
  for (const file of readdirSync(directory).sort()) showFunctions(file, events)
}

function showThreads(before: Threads, after: Threads, events: number): void {
  let total = 0
  for (const [thread, time] of [...after].sort(([, a], [, b]) => b - a)) {
    const used = ((time - (before.get(thread) ?? 0)) * 1e6) / events
    total += used
    if (used >= 0.5) process.stdout.write(`${used.toFixed(1).padStart(8)} µs  ${thread}\n`)
  }
  process.stdout.write(`${total.toFixed(1).padStart(8)} µs  together\n`)
}

/** Puts load on the server for some seconds; resolves with the number of events. */
async function makeLoad(server: BenchServer): Promise<(seconds: number) => Promise<number>> {
  if (values.load === 'ingest') return async (time) => (await ingest(server, time)).accepted
  const probe = await StatusProbe.open(server.port, 'profile', 100)
  const perSecond = Number(values.load)
  return async (time) => (await probe.run(perSecond, time)).samples.length
}

/** Self time of the functions of one thread, in µs per event. */
function showFunctions(file: string, events: number): void {
  const { nodes, samples, timeDeltas }: Profile = JSON.parse(readFileSync(join(directory, file), 'utf8'))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const self = new Map<string, number>()
  samples.forEach((id, index) => {
    const name = nameOf(byId.get(id))
    self.set(name, (self.get(name) ?? 0) + (timeDeltas[index] ?? 0))
  })
  const busy = [...self].filter(([name]) => name !== '(idle)')
  const sum = busy.reduce((all, [, time]) => all + time, 0)
  process.stdout.write(
    `\n${file.replace(/-\d+\.cpuprofile$/, '')}: ${(sum / events).toFixed(1)} µs of samples per event\n`,
  )
  for (const [name, time] of busy.sort(([, a], [, b]) => b - a).slice(0, FUNCTIONS_SHOWN))
    process.stdout.write(
      `${(time / events).toFixed(2).padStart(8)} µs ${((time / sum) * 100).toFixed(1).padStart(5)} %  ${name}\n`,
    )
}

function nameOf(node: ProfileNode | undefined): string {
  if (!node) return '(unknown)'
  const { functionName, url, lineNumber } = node.callFrame
  const place =
    url === ''
      ? ''
      : ` ${url.includes('/src/') ? url.slice(url.lastIndexOf('/src/') + 5) : basename(url)}:${lineNumber + 1}`
  return `${functionName || '(anonymous)'}${place}`
}
