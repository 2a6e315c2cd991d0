/** What a transcript of 200 MB costs: the time until its end is on a client, memory, and the time of others meanwhile. */
import { Database } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Benchmark, times, withServer } from '../lib/benchmark.ts'
import { atMost } from '../lib/figure.ts'
import { hookBody } from '../lib/payloads.ts'
import { PostConnection } from '../lib/post-connection.ts'
import { residentMb } from '../lib/proc.ts'
import { SessionClient } from '../lib/session-client.ts'
import { median, quantile } from '../lib/statistics.ts'
import { StatusProbe } from '../lib/status-probe.ts'
import type { BenchServer } from '../lib/subject.ts'
import { writeTranscript } from '../lib/transcript.ts'
import { undisturbed } from '../lib/undisturbed.ts'

const BYTES = 200 * 1024 * 1024
const SESSION = 'long'
/** Other sessions, and their hooks in a second. */
const OTHERS = 20
const PER_SECOND = 100
const WARM_UP_SECONDS = 3
/** Seconds in which the server rests, so that it weighs what it needs. */
const REST_SECONDS = 5
/** Seconds of hooks after the transcript was asked for; it is read in less. */
const SECONDS = 15
const SAMPLE_MS = 20

interface Cost {
  readonly tailMs: number
  readonly megabytes: number
  readonly readSeconds: number
  readonly others: readonly number[]
  readonly alone: readonly number[]
}

export const longTranscriptBenchmark: Benchmark = {
  name: 'long-transcript',
  async measure(command, { rounds }) {
    if (command === undefined) return {}
    const costs = await times(rounds, () => undisturbed(() => withServer(command, cost)))
    const of = (value: (cost: Cost) => number) => median(costs.map(value))
    const [tail, memory] = [of(({ tailMs }) => tailMs), of(({ megabytes }) => megabytes)]
    const [others, alone] = [of((each) => quantile(each.others, 0.99)), of((each) => quantile(each.alone, 0.99))]
    const row = (name: string, value: number, text: string) => ({ row: `200 MB transcript, ${name}`, value, text })
    return {
      server: [
        { ...row('its end on a client', tail, `${tail.toFixed(0)} ms`), target: atMost(150, 'ms') },
        { ...row('memory', memory, `${memory.toFixed(0)} MB`), target: atMost(64, 'MB') },
        row(
          'read',
          of(({ readSeconds }) => readSeconds),
          `in ${of(({ readSeconds }) => readSeconds).toFixed(1)} s`,
        ),
        row('p99 of others meanwhile', others, `${others.toFixed(1)} ms (${alone.toFixed(1)} ms alone)`),
      ],
    }
  },
}

async function cost(server: BenchServer): Promise<Cost> {
  const directory = join(server.home, '.claude', 'projects', '-project')
  mkdirSync(directory, { recursive: true })
  const path = join(directory, `${SESSION}.jsonl`)
  const steps = writeTranscript(path, { sessionId: SESSION, cwd: server.home }, BYTES)
  const probe = await StatusProbe.open(server.port, 'others', OTHERS)
  await probe.run(PER_SECOND, WARM_UP_SECONDS)
  const { samples: alone } = await probe.run(PER_SECOND, WARM_UP_SECONDS)
  await Bun.sleep(REST_SECONDS * 1_000)
  const scales = new Scales(server.pid)
  const meanwhile = probe.run(PER_SECOND, SECONDS)
  const [connection, client] = [await PostConnection.open(server.port), await SessionClient.open(server.port)]
  const began = performance.now()
  const facts = { hook_event_name: 'UserPromptSubmit', prompt: 'Go on', transcript_path: path }
  await connection.post(hookBody('claude_status_event', 'e1', { session_id: SESSION, ...facts }))
  const { messages } = await client.follow(SESSION)
  const tailMs = performance.now() - began
  if (!messages.at(-1)?.id.endsWith(`_${steps - 1}`)) throw new Error('the end of the transcript is not on the client')
  await isRead(server.database)
  const readSeconds = (performance.now() - began) / 1_000
  const { samples: others } = await meanwhile
  const megabytes = scales.gained()
  for (const each of [connection, client, probe]) each.close()
  return { tailMs, megabytes, readSeconds, others, alone }
}

/** Settles once nothing of the transcript is left to be read. */
async function isRead(database: string): Promise<void> {
  using db = new Database(database, { readonly: true })
  const left = db.query('SELECT 1 FROM transcript_gaps')
  while (left.get() !== null) await Bun.sleep(SAMPLE_MS)
}

/** Weighs a process until it is asked. */
class Scales {
  readonly #before: number
  #peak: number
  readonly #timer: ReturnType<typeof setInterval>

  constructor(pid: number) {
    this.#before = residentMb(pid)
    this.#peak = this.#before
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, residentMb(pid))
    }, SAMPLE_MS)
  }

  /** The peak so far, less what it weighed at first, in MB. */
  gained(): number {
    clearInterval(this.#timer)
    return this.#peak - this.#before
  }
}
