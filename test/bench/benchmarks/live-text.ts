/** How long it takes from a line in a transcript to its frame, while the models of many sessions talk. */
import { type Benchmark, freshPrefix, times, withServer } from '../lib/benchmark.ts'
import { atMost } from '../lib/figure.ts'
import { SessionClient } from '../lib/session-client.ts'
import { median, quantile } from '../lib/statistics.ts'
import type { BenchServer } from '../lib/subject.ts'
import { undisturbed } from '../lib/undisturbed.ts'
import { end, nameHost, speak, startAgents, type WorkingAgent } from '../lib/working-agents.ts'

const AGENTS = 60
/** Lines of each agent in a second. */
const LINES_PER_SECOND = 2
/** Milliseconds after the last line in which its frame must come. */
const GRACE_MS = 3_000
/** Milliseconds in which everything that begins has begun. */
const SETTLE_MS = 3_000

interface Spoken {
  readonly samples: readonly number[]
  readonly missing: number
}

export const liveTextBenchmark: Benchmark = {
  name: 'live-text',
  async measure(command, { rounds, seconds }) {
    if (command === undefined) return {}
    const results = await withServer(command, (server) => talk(server, rounds, seconds), nameHost)
    const at = (q: number) => median(results.map(({ samples }) => quantile(samples, q)))
    const missing = results.reduce((sum, round) => sum + round.missing, 0)
    const row = (name: string, q: number, note = '') => ({
      row: `transcript line to frame, ${AGENTS} sessions, ${name}`,
      value: at(q),
      text: `${at(q).toFixed(1)} ms${note}`,
    })
    const late = missing > 0 ? `, ${missing} frames never came` : ''
    return { server: [row('p50', 0.5), { ...row('p99', 0.99, late), target: atMost(150, 'ms') }, row('max', 1)] }
  },
}

async function talk(server: BenchServer, rounds: number, seconds: number): Promise<readonly Spoken[]> {
  const agents = await startAgents(server, freshPrefix('talk'), AGENTS)
  const heard = new Map<string, (at: number) => void>()
  const client = await SessionClient.open(server.port, (frame) => {
    const at = performance.now()
    const text = /"message_appended".*"content":"(said \d+)/.exec(frame)?.[1]
    if (text !== undefined) heard.get(text)?.(at)
  })
  for (const { sessionId } of agents) await client.follow(sessionId)
  await Bun.sleep(SETTLE_MS)
  try {
    return await times(rounds, () => undisturbed(() => speakAll(agents, seconds, heard)))
  } finally {
    client.close()
    await end(agents)
  }
}

let lines = 0

/** Lines come evenly, from one agent after the other. */
async function speakAll(
  agents: readonly WorkingAgent[],
  seconds: number,
  heard: Map<string, (at: number) => void>,
): Promise<Spoken> {
  const samples: number[] = []
  const perSecond = LINES_PER_SECOND * agents.length
  const began = performance.now()
  for (let done = 0; done < perSecond * seconds; done++) {
    const due = began + (done * 1_000) / perSecond
    if (due > performance.now()) await Bun.sleep(due - performance.now())
    const text = `said ${lines++}`
    const agent = agents[done % agents.length]
    const written = performance.now()
    heard.set(text, (at) => {
      samples.push(at - written)
      heard.delete(text)
    })
    if (agent) speak(agent, text)
  }
  const last = performance.now() + GRACE_MS
  while (heard.size > 0 && performance.now() < last) await Bun.sleep(1)
  const missing = heard.size
  heard.clear()
  return { samples, missing }
}
