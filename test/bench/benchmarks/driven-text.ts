/** How long it takes from a line of a driven agent to its frame, while the models of many sessions talk. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Benchmark, times, withServer } from '../lib/benchmark.ts'
import { atMost } from '../lib/figure.ts'
import { SessionClient } from '../lib/session-client.ts'
import { median, quantile } from '../lib/statistics.ts'
import type { BenchServer } from '../lib/subject.ts'
import { undisturbed } from '../lib/undisturbed.ts'

const AGENTS = 20
/** Milliseconds between two pieces of text: slower than a row is told, so that none waits for the one before it. */
const SLOW_GAP_MS = 60
/** Faster than a row is told. */
const FAST_GAP_MS = 4
/** Characters of an answer, of which frames hold no more than 16,000. */
const ANSWER_CHARS_MAX = 15_000
/** Characters of one piece. */
const PIECE_CHARS = 20
/** Milliseconds after which an answer is given up. */
const PATIENCE_MS = 60_000

const QUICK_CLAUDE = join(import.meta.dir, '../../support/quick-claude.ts')

interface Talked {
  /** Milliseconds from each line to its frame. */
  readonly samples: readonly number[]
  /** The most frames of one row in a second. */
  readonly framesPerSecond: number
}

export const drivenTextBenchmark: Benchmark = {
  name: 'driven-text',
  async measure(command, { rounds, seconds }) {
    if (command === undefined) return {}
    const { slow, fast } = await withServer(command, (server) => measureTalk(server, rounds, seconds), installClaude)
    const latency = (q: number) => median(slow.map(({ samples }) => quantile(samples, q)))
    const row = (name: string, value: number) => ({
      row: `delta line to frame, ${AGENTS} driven sessions, ${name}`,
      value,
      text: `${value.toFixed(1)} ms`,
    })
    const rate = Math.max(...fast.map(({ framesPerSecond }) => framesPerSecond))
    return {
      server: [
        row('p50', latency(0.5)),
        { ...row('p99', latency(0.99)), target: atMost(5, 'ms') },
        row('max', latency(1)),
        {
          row: `frames of one row in a second, at ${1_000 / FAST_GAP_MS} deltas/s`,
          value: rate,
          text: rate.toFixed(1),
          target: atMost(20, '/s'),
        },
      ],
    }
  },
}

/** Where the server looks for Claude first. */
function installClaude({ home }: BenchServer): void {
  const directory = join(home, '.claude', 'local')
  mkdirSync(directory, { recursive: true })
  symlinkSync(QUICK_CLAUDE, join(directory, 'claude'))
}

async function measureTalk(server: BenchServer, rounds: number, seconds: number) {
  const talks = new Map<string, Talk>()
  const client = await SessionClient.open(server.port, (frame) => {
    const id = /"session_id":"([^"]+)"/.exec(frame)?.[1] ?? ''
    talks.get(id)?.heard(frame, performance.timeOrigin + performance.now())
  })
  const ids: string[] = []
  for (let count = 0; count < AGENTS; count++) ids.push((await client.create(server.home)).id)
  const talk = (gapMs: number) => talkAll(client, talks, ids, gapMs, seconds)
  try {
    await talk(SLOW_GAP_MS)
    const slow = await times(rounds, () => undisturbed(() => talk(SLOW_GAP_MS)))
    return { slow, fast: await times(rounds, () => talk(FAST_GAP_MS)) }
  } finally {
    for (const id of ids) client.send({ type: 'end_session', session_id: id })
    client.close()
  }
}

/** All of them answer at the same time. */
async function talkAll(
  client: SessionClient,
  talks: Map<string, Talk>,
  ids: readonly string[],
  gapMs: number,
  seconds: number,
): Promise<Talked> {
  const pieces = Math.min(Math.ceil((seconds * 1_000) / gapMs), ANSWER_CHARS_MAX / PIECE_CHARS)
  const running: Talk[] = []
  for (const id of ids) {
    const talk = new Talk()
    running.push(talk)
    talks.set(id, talk)
    client.send({ type: 'send_message', session_id: id, content: `${pieces} ${gapMs}` })
    // Models do not talk in step.
    await Bun.sleep(gapMs / ids.length)
  }
  const late = setTimeout(() => {
    for (const talk of running) talk.giveUp()
  }, PATIENCE_MS)
  await Promise.all(running.map(({ over }) => over.promise))
  clearTimeout(late)
  return {
    samples: running.flatMap(({ samples }) => samples),
    framesPerSecond: Math.max(...running.map((talk) => talk.framesPerSecond())),
  }
}

/** One answer, as the frames of its row come. */
class Talk {
  readonly over = Promise.withResolvers<void>()
  readonly samples: number[] = []
  readonly #times: number[] = []
  #newest = 0

  /** `at`: Unix milliseconds. */
  heard(frame: string, at: number): void {
    if (frame.includes('"work_status":"waiting"')) return this.over.resolve()
    if (!/^\{"type":"message_(appended|updated)"/.test(frame)) return
    const writtenAt = Number(/(\d+\.?\d*)"/.exec(/"content":" [\d. ]+"/.exec(frame)?.[0] ?? '')?.[1] ?? 0)
    // The whole text at the end repeats the last piece.
    if (writtenAt <= this.#newest) return
    this.#newest = writtenAt
    this.samples.push(at - writtenAt)
    this.#times.push(at)
  }

  giveUp(): void {
    this.over.reject(new Error('an agent never finished its answer'))
  }

  /** Over the whole answer; the first frame begins it, and the last, which tells the whole text, waits for none. */
  framesPerSecond(): number {
    const paced = this.#times.slice(0, -1)
    const [first = 0] = paced
    const last = paced.at(-1) ?? 0
    return last > first ? ((paced.length - 1) * 1_000) / (last - first) : 0
  }
}
