/** How long a start takes until a client holds the complete list, and what the server then weighs. */
import { type Benchmark, times } from '../lib/benchmark.ts'
import { atMost, type Figure } from '../lib/figure.ts'
import { PostConnection } from '../lib/post-connection.ts'
import { residentMb } from '../lib/proc.ts'
import { bodyOf, ScriptedSession } from '../lib/scripted-session.ts'
import { median } from '../lib/statistics.ts'
import { multiplySession } from '../lib/stored-sessions.ts'
import { BenchServer } from '../lib/subject.ts'
import { undisturbed } from '../lib/undisturbed.ts'

const STORED = 10_000
const STORED_FOR_MEMORY = 2_000
/** Two turns: eight tool calls. */
const EVENTS_EACH = 20
/** Starts are short, so there can be many of them. */
const STARTS_PER_ROUND = 3
/** Milliseconds after which an idle server is weighed. */
const SETTLE_MS = 3_000

export const startBenchmark: Benchmark = {
  name: 'start',
  async measure(command, { rounds }) {
    if (command === undefined) return {}
    await using full = await filled(command, STORED)
    const empty: number[] = []
    const stored: number[] = []
    // The first start reads the program from the disk.
    await startEmpty(command)
    for (let start = 0; start < rounds * STARTS_PER_ROUND; start++) {
      empty.push(await undisturbed(() => startEmpty(command)))
      stored.push(await undisturbed(() => startAndStop(full)))
    }
    const memory = await idleMemory(command, rounds)
    return { server: [...startFigures(empty, stored), ...memory] }
  },
}

async function startEmpty(command: string): Promise<number> {
  await using server = BenchServer.of(command)
  return await server.start()
}

async function startAndStop(server: BenchServer): Promise<number> {
  const ms = await server.start()
  await server.stop()
  return ms
}

/** A stopped server with stored sessions. */
async function filled(command: string, sessions: number): Promise<BenchServer> {
  const server = BenchServer.of(command)
  await server.start()
  const first = new ScriptedSession('stored')
  const connection = await PostConnection.open(server.port)
  for (let event = 0; event < EVENTS_EACH; event++) await connection.post(bodyOf(first.next()))
  connection.close()
  await server.stop()
  multiplySession(server.database, first.id, sessions)
  return server
}

async function idleMemory(command: string, rounds: number): Promise<readonly Figure[]> {
  await using empty = BenchServer.of(command)
  await using stored = await filled(command, STORED_FOR_MEMORY)
  const weigh = (server: BenchServer) =>
    times(rounds, async () => {
      await server.start()
      await Bun.sleep(SETTLE_MS)
      const megabytes = residentMb(server.pid)
      await server.stop()
      return megabytes
    })
  const [bare, full] = [median(await weigh(empty)), median(await weigh(stored))]
  return [
    { row: 'memory idle, empty', value: bare, text: `${bare.toFixed(0)} MB` },
    {
      row: `memory idle, ${STORED_FOR_MEMORY.toLocaleString('en')} stored`,
      value: full,
      text: `${full.toFixed(0)} MB`,
      target: atMost(110, 'MB'),
    },
  ]
}

function startFigures(empty: readonly number[], stored: readonly number[]): readonly Figure[] {
  const figure = (row: string, samples: readonly number[], limit: number): Figure => ({
    row,
    value: median(samples),
    text: `${median(samples).toFixed(0)} ms (${Math.min(...samples).toFixed(0)}–${Math.max(...samples).toFixed(0)})`,
    target: atMost(limit, 'ms'),
  })
  return [
    figure('start to the list, empty', empty, 120),
    figure(`start to the list, ${STORED.toLocaleString('en')} stored`, stored, 150),
  ]
}
