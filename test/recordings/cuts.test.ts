/** Transcripts that are read while they are written: cut anywhere, they hold the same in the end. */
import { afterAll, describe, expect, test } from 'bun:test'
import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TranscriptCursor, TranscriptReader } from '../../src/transcripts/transcript-reader.ts'
import { Replay } from '../hooks/replay.ts'
import { LocalServer } from '../support/local-server.ts'
import { recordedEntries, recordedTranscript, transcripts } from '../transcripts/recorded-transcripts.ts'
import type { EndState } from './end-state.ts'
import { playedAsRecorded } from './played.ts'
import { ServedScenario } from './replayed.ts'
import { type Moment, momentsOf, scenarioOf } from './scenario.ts'

/** Bytes that are written at a time. */
const STEP_BYTES = 100
/** Cuts of which one is followed by a restart. */
const CUTS_PER_RESTART = 10
const TIMEOUT_MS = 20_000

let files = 0
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cuts-')))
afterAll(() => rmSync(folder, { recursive: true }))

/** A session that is known by its transcript alone. */
class Watched {
  readonly replay = new Replay()
  readonly path: string
  cursor: TranscriptCursor | undefined
  readonly #id: string
  #reader: TranscriptReader

  constructor(id: string) {
    this.#id = id
    this.path = join(folder, `${++files}.jsonl`)
    const seen = { type: 'session_described', quiet: false, observed: 'transcript' } as const
    this.replay.apply(id, { ...seen, cwd: '/home/dev/proj', transcriptPath: this.path })
    this.#reader = this.#opened()
  }

  /** Reads what is new; no line may be lost on the way. */
  async read(): Promise<void> {
    for await (const { events, cursor, skippedLines } of this.#reader.read(
      this.replay.sessions.get(this.#id)?.model ?? null,
    )) {
      expect(skippedLines).toBe(0)
      for (const event of events) this.replay.apply(this.#id, event)
      this.cursor = cursor
    }
  }

  restart(): void {
    this.replay.restart()
    this.#reader = this.#opened()
  }

  get state(): EndState | undefined {
    return this.replay.endStates()[0]
  }

  #opened(): TranscriptReader {
    return new TranscriptReader({ sessionId: this.#id, path: this.path, cursor: this.cursor })
  }
}

/** Whole files; the collections of single entries are none. */
const whole = transcripts.filter((name) => !name.startsWith('entry-'))

function sessionOf(name: string): string {
  return String(recordedEntries(name).find(({ sessionId }) => typeof sessionId === 'string')?.sessionId)
}

/** Reads the transcript at once, as it is watched. */
async function readWhole(name: string): Promise<EndState | undefined> {
  const watched = new Watched(sessionOf(name))
  await watched.read()
  writeFileSync(watched.path, recordedTranscript(name))
  await watched.read()
  return watched.state
}

/** What does not depend on a call and its result being read by the same server; hooks tell the rest, where there are any. */
function stored(state: EndState | undefined) {
  return { ...state, plan: null, subagents: [] }
}

describe('a transcript that grows by 100 bytes at a time', () => {
  test.concurrent.each(whole)(
    '%s tells the same rows, each once',
    async (name) => {
      const bytes = recordedTranscript(name)
      const watched = new Watched(sessionOf(name))
      await watched.read()
      for (let at = 0; at < bytes.length; at += STEP_BYTES) {
        appendFileSync(watched.path, bytes.subarray(at, at + STEP_BYTES))
        await watched.read()
      }
      expect(watched.state).toEqual(await readWhole(name))
    },
    TIMEOUT_MS,
  )

  test.concurrent.each(whole)(
    '%s tells the same rows, each once, also when the server starts anew in between',
    async (name) => {
      const bytes = recordedTranscript(name)
      const expected = stored(await readWhole(name))
      const begin = bytes.indexOf('\n') + STEP_BYTES
      for (let cut = begin; cut < bytes.length; cut += STEP_BYTES * CUTS_PER_RESTART) {
        const watched = new Watched(sessionOf(name))
        await watched.read()
        writeFileSync(watched.path, bytes.subarray(0, cut))
        await watched.read()
        watched.restart()
        appendFileSync(watched.path, bytes.subarray(cut))
        await watched.read()
        expect({ cut, ...stored(watched.state) }).toEqual({ cut, ...expected })
      }
    },
    TIMEOUT_MS,
  )
})

/** The moments with the line at `index` written in two halves; what comes after the first one is the second list. */
function halved(moments: readonly Moment[], index: number): readonly [readonly Moment[], readonly Moment[]] {
  const moment = moments[index]
  if (moment?.kind !== 'line') throw new Error('Only lines are written in halves.')
  const half = Math.floor(moment.line.length / 2)
  return [
    [...moments.slice(0, index), { ...moment, line: moment.line.slice(0, half) }],
    [{ ...moment, line: moment.line.slice(half) }, ...moments.slice(index + 1)],
  ]
}

describe('a server that starts anew in the middle of a line', () => {
  test.each(['i-agent', 'p-edit', 'v329-p-agent'])(
    '%s',
    async (name) => {
      const scenario = scenarioOf(name)
      const moments = momentsOf(scenario)
      const lines = moments.flatMap(({ kind }, index) => (kind === 'line' ? [index] : []))
      const expected = playedAsRecorded(scenario).endStates()
      for (const share of [0.25, 0.5, 0.75]) {
        const [before, after] = halved(moments, lines[Math.floor(lines.length * share)] ?? 0)
        const first = await LocalServer.start()
        const begun = await ServedScenario.begin(first, scenario)
        for (const moment of before) await begun.play(moment)
        await first.stop()
        await using second = await LocalServer.start({ home: first.home })
        const resumed = await ServedScenario.begin(second, scenario)
        for (const moment of after) await resumed.play(moment)
        expect(await resumed.states(expected)).toEqual([...expected])
      }
    },
    TIMEOUT_MS,
  )
})
