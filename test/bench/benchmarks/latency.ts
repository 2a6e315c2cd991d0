/** How long it takes from a hook to its frame at a given rate. */
import { alternate, type Benchmark, freshPrefix, withPair } from '../lib/benchmark.ts'
import { atMost, type Figure, type Target } from '../lib/figure.ts'
import { median, quantile } from '../lib/statistics.ts'
import { type Latencies, StatusProbe } from '../lib/status-probe.ts'

const SESSIONS = 100
const WARM_UP_SECONDS = 1

interface Load {
  readonly perSecond: number
  readonly p50?: Target
  readonly p99: Target
}

const LOADS: readonly Load[] = [
  { perSecond: 500, p50: atMost(0.7, 'ms'), p99: atMost(4, 'ms') },
  { perSecond: 2_000, p99: atMost(8, 'ms') },
]

export const latencyBenchmark: Benchmark = {
  name: 'latency',
  measure: (command, { rounds, seconds }) =>
    withPair(command, async (pair) => {
      const raw: Figure[] = []
      const server: Figure[] = []
      for (const load of LOADS) {
        const results = await alternate(pair, rounds, async ({ port }) => {
          const probe = await StatusProbe.open(port, freshPrefix('latency'), SESSIONS)
          try {
            await probe.run(load.perSecond, WARM_UP_SECONDS)
            return await probe.run(load.perSecond, seconds)
          } finally {
            probe.close()
          }
        })
        raw.push(...figures({ perSecond: load.perSecond }, results.raw))
        if (pair.server) server.push(...figures(load, results.server))
      }
      return { raw, ...(pair.server && { server }) }
    }),
}

function figures({ perSecond, p50, p99 }: Partial<Load>, rounds: readonly Latencies[]): readonly Figure[] {
  const at = (q: number) => median(rounds.map(({ samples }) => quantile(samples, q)))
  const missing = rounds.reduce((sum, round) => sum + round.missing, 0)
  const max = at(1)
  const row = (name: string, value: number, target?: Target, note = '') => ({
    row: `latency at ${perSecond?.toLocaleString('en')}/s, ${name}`,
    value,
    text: `${value.toFixed(2)} ms${note}`,
    ...(target && { target }),
  })
  return [
    row('p50', at(0.5), p50),
    row('p99', at(0.99), p99, missing ? `, ${missing} frames never came` : ''),
    row('max', max),
  ]
}
