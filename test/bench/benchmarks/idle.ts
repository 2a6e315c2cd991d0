/** What the server costs while nothing happens: many sessions are open, more are stored, a client looks on. */
import { type Benchmark, times, withServer } from '../lib/benchmark.ts'
import { atMost } from '../lib/figure.ts'
import { cpuByThread } from '../lib/proc.ts'
import { SessionClient } from '../lib/session-client.ts'
import { median } from '../lib/statistics.ts'
import { multiplySession } from '../lib/stored-sessions.ts'
import type { BenchServer } from '../lib/subject.ts'
import { undisturbed } from '../lib/undisturbed.ts'
import { end, nameHost, rest, startAgents } from '../lib/working-agents.ts'

const OPEN = 60
const STORED = 2_000
/** Milliseconds in which what follows a start or a turn has happened, garbage collection included. */
const SETTLE_MS = 15_000
const MEASURE_MS = 10_000

export const idleBenchmark: Benchmark = {
  name: 'idle',
  async measure(command, { rounds }) {
    if (command === undefined) return {}
    const shares = await withServer(command, (server) => idle(server, rounds), nameHost)
    const share = median(shares) * 100
    return {
      server: [
        {
          row: `processor while idle, ${OPEN} open sessions, ${STORED.toLocaleString('en')} stored`,
          value: share,
          text: `${share.toFixed(2)} % of a core`,
          target: atMost(0.5, '% of a core'),
        },
      ],
    }
  },
}

/** Shares of one core. */
async function idle(server: BenchServer, rounds: number): Promise<readonly number[]> {
  const first = await startAgents(server, 'stored', 1)
  await rest(server, first)
  await server.stop()
  await end(first)
  multiplySession(server.database, 'stored-0', STORED)
  await server.start()
  const agents = await startAgents(server, 'open', OPEN)
  const client = await SessionClient.open(server.port)
  for (const { sessionId } of agents) await client.follow(sessionId)
  await rest(server, agents)
  await Bun.sleep(SETTLE_MS)
  try {
    return await times(rounds, () => undisturbed(() => share(server)))
  } finally {
    client.close()
    await end(agents)
  }
}

async function share({ pid }: BenchServer): Promise<number> {
  const before = spent(pid)
  const began = performance.now()
  await Bun.sleep(MEASURE_MS)
  return ((spent(pid) - before) * 1_000) / (performance.now() - began)
}

/** Processor seconds of all threads; the sums of the system are too coarse for so little. */
function spent(pid: number): number {
  return [...cpuByThread(pid).values()].reduce((sum, seconds) => sum + seconds, 0)
}
