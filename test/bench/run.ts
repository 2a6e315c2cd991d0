/** Measures a server from outside, beside a raw Bun server in the same run. See README.md. */
import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { drivenTextBenchmark } from './benchmarks/driven-text.ts'
import { fanOutBenchmark } from './benchmarks/fan-out.ts'
import { growthBenchmark } from './benchmarks/growth.ts'
import { hookScriptBenchmark } from './benchmarks/hook-script.ts'
import { idleBenchmark } from './benchmarks/idle.ts'
import { ingestBenchmark } from './benchmarks/ingest.ts'
import { killBenchmark } from './benchmarks/kill.ts'
import { latencyBenchmark } from './benchmarks/latency.ts'
import { liveTextBenchmark } from './benchmarks/live-text.ts'
import { longTranscriptBenchmark } from './benchmarks/long-transcript.ts'
import { stalledClientBenchmark } from './benchmarks/stalled-client.ts'
import { startBenchmark } from './benchmarks/start.ts'
import type { RunOptions } from './lib/benchmark.ts'
import type { Figure } from './lib/figure.ts'
import { type Entry, renderTable, toJson } from './lib/report.ts'
import { disturbance } from './lib/undisturbed.ts'

const BENCHMARKS = [
  ingestBenchmark,
  latencyBenchmark,
  fanOutBenchmark,
  liveTextBenchmark,
  drivenTextBenchmark,
  longTranscriptBenchmark,
  idleBenchmark,
  stalledClientBenchmark,
  killBenchmark,
  startBenchmark,
  growthBenchmark,
  hookScriptBenchmark,
]
const SOURCE = 'bun src/main.ts'
const BINARY = 'dist/orbitdock-server'

const { values } = parseArgs({
  options: {
    server: { type: 'string', multiple: true, default: [] },
    raw: { type: 'boolean', default: false },
    only: { type: 'string', default: BENCHMARKS.map(({ name }) => name).join(',') },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    kills: { type: 'string', default: '50' },
    json: { type: 'string' },
  },
})

const chosen = values.only.split(',').map((name) => {
  const benchmark = BENCHMARKS.find((each) => each.name === name)
  if (!benchmark)
    throw new Error(`no benchmark is called ${name}; there are ${BENCHMARKS.map((each) => each.name).join(', ')}`)
  return benchmark
})
const options: RunOptions = {
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
  kills: Number(values.kills),
}

const entries: Entry[] = []
const note = (server: string, figures: readonly Figure[] = []) => {
  for (const figure of figures) entries.push({ server, figure })
}
for (const command of commands()) {
  for (const benchmark of chosen) {
    process.stderr.write(`${command ?? 'raw'}: ${benchmark.name}\n`)
    const { raw, server } = await benchmark.measure(command, options)
    note(command === undefined ? 'raw' : `raw beside ${command}`, raw)
    if (command !== undefined) note(command, server)
  }
}
process.stdout.write(renderTable(entries))
const share = disturbance()
if (share !== undefined)
  process.stdout.write(`\nOther programs took up to ${(share * 100).toFixed(0)} % of the processors meanwhile.\n`)
if (values.json) writeFileSync(values.json, toJson(entries))
process.exit(0)

/** The servers to measure; undefined stands for the raw one alone. */
function commands(): readonly (string | undefined)[] {
  if (values.server.length > 0) return values.server
  if (values.raw) return [undefined]
  return existsSync(BINARY) ? [SOURCE, BINARY] : [SOURCE]
}
