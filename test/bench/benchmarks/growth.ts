/** How much memory a server gains between its 50,000th and its 100,000th event. */
import { type Benchmark, times, withServer } from '../lib/benchmark.ts'
import { atMost } from '../lib/figure.ts'
import { isAccepted, PostConnection } from '../lib/post-connection.ts'
import { residentMb } from '../lib/proc.ts'
import { bodyOf, ScriptedSession } from '../lib/scripted-session.ts'
import { median } from '../lib/statistics.ts'
import type { Subject } from '../lib/subject.ts'

const SESSIONS = 100
const EVENTS_EACH_STEP = 500
/** Each of 50,000 events. */
const STEPS = 2
/** Milliseconds after which the runtime has given back what it no longer needs: after three, garbage is half of what is seen. */
const SETTLE_MS = 20_000
const SAMPLES = 10
const SAMPLE_MS = 200

export const growthBenchmark: Benchmark = {
  name: 'growth',
  async measure(command) {
    if (command === undefined) return {}
    const [start = 0, middle = 0, end = 0] = await withServer(command, climb)
    const growth = end - middle
    return {
      server: [
        {
          row: 'memory growth, 50,000th to 100,000th event',
          value: growth,
          text: `${growth.toFixed(1)} MB (${[start, middle, end].map((mb) => mb.toFixed(0)).join(' → ')} MB)`,
          target: atMost(5, 'MB'),
        },
      ],
    }
  },
}

/** Resident memory before the load and after each step, in MB. */
async function climb(server: Subject): Promise<readonly number[]> {
  const sessions = Array.from({ length: SESSIONS }, (_, index) => new ScriptedSession(`growth-${index}`))
  const weights = [await weigh(server)]
  for (let step = 0; step < STEPS; step++) {
    // Idle connections would be closed while the server rests.
    const connections = await PostConnection.openMany(server.port, SESSIONS)
    await Promise.all(
      sessions.map((session, index) =>
        times(EVENTS_EACH_STEP, async () => {
          const status = (await connections[index]?.post(bodyOf(session.next()))) ?? 0
          if (!isAccepted(status)) throw new Error(`a post was answered with ${status}`)
        }),
      ),
    )
    for (const connection of connections) connection.close()
    weights.push(await weigh(server))
  }
  return weights
}

async function weigh({ pid }: Subject): Promise<number> {
  await Bun.sleep(SETTLE_MS)
  return median(
    await times(SAMPLES, async () => {
      await Bun.sleep(SAMPLE_MS)
      return residentMb(pid)
    }),
  )
}
