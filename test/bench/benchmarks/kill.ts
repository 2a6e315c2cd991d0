/** Kills the server under full load, again and again, and counts every event. */
import { join } from 'node:path'
import { type Benchmark, withServer } from '../lib/benchmark.ts'
import { atMost, count, type Figure } from '../lib/figure.ts'
import { type Account, type Counter, Ledger } from '../lib/ledger.ts'
import { isAccepted, PostConnection } from '../lib/post-connection.ts'
import { RevisionWatch } from '../lib/revision-watch.ts'
import { bodyOf, type ScriptedEvent, ScriptedSession } from '../lib/scripted-session.ts'
import type { BenchServer } from '../lib/subject.ts'

const CONNECTIONS = 64
/** Sessions that last over all rounds and are followed by a client. */
const FOLLOWED = 8
/** Events of a session that begins in a round. */
const FRESH_EVENTS = 45
/** The kill comes at some moment between these. */
const LOAD_MS_MIN = 200
const LOAD_MS_MAX = 800

interface Round {
  readonly acknowledged: number
  /** Posted again because the kill left them without an answer. */
  readonly repeated: number
  /** Acknowledged, and not in the database after the kill. */
  readonly lost: number
  /** Those of them that named a transcript. */
  readonly lostWithTranscript: number
}

export const killBenchmark: Benchmark = {
  name: 'kill',
  async measure(command, { kills }) {
    if (command === undefined) return {}
    return { server: await withServer(command, (server) => killAgainAndAgain(server, kills)) }
  },
}

async function killAgainAndAgain(server: BenchServer, kills: number): Promise<readonly Figure[]> {
  const lasting = Array.from({ length: CONNECTIONS }, (_, index) => new ScriptedSession(`lasting-${index}`))
  const sessions = [...lasting]
  const watch = new RevisionWatch(lasting.slice(0, FOLLOWED).map(({ id }) => id))
  await begin(server, lasting)
  const rounds: Round[] = []
  for (let round = 0; round < kills; round++) rounds.push(await killOnce(server, { lasting, sessions, watch, round }))
  using ledger = new Ledger(server.database)
  return figures(rounds, ledger.account(sessions), watch)
}

/** A session has to exist before it can be followed. */
async function begin({ port }: BenchServer, sessions: readonly ScriptedSession[]): Promise<void> {
  const connection = await PostConnection.open(port)
  for (const session of sessions) await connection.post(bodyOf(session.next()))
  connection.close()
}

interface Course {
  readonly lasting: readonly ScriptedSession[]
  /** All of them; those that begin in a round are added. */
  readonly sessions: ScriptedSession[]
  readonly watch: RevisionWatch
  readonly round: number
}

async function killOnce(server: BenchServer, { lasting, sessions, watch, round }: Course): Promise<Round> {
  await watch.connect(server.port)
  const acknowledged: ScriptedEvent[] = []
  const unanswered: ScriptedEvent[] = []
  const connections = await PostConnection.openMany(server.port, CONNECTIONS)
  const load = connections.map(async (connection, number) => {
    const last = lasting[number] ?? new ScriptedSession(`lasting-${number}`)
    let fresh = new ScriptedSession('')
    for (let turn = 0; ; turn++) {
      if (fresh.id === '' || fresh.events.length === FRESH_EVENTS) {
        const id = `fresh-${round}-${number}-${turn}`
        fresh = new ScriptedSession(id, number % 2 === 0 ? transcriptOf(server, id) : null)
        sessions.push(fresh)
      }
      const event = (turn % 2 === 0 ? last : fresh).next()
      const status = await connection.post(bodyOf(event))
      if (!isAccepted(status)) return void unanswered.push(event)
      acknowledged.push(event)
    }
  })
  await Bun.sleep(LOAD_MS_MIN + Math.random() * (LOAD_MS_MAX - LOAD_MS_MIN))
  await server.stop('SIGKILL')
  await Promise.all(load)
  watch.disconnect()
  await server.start()

  using ledger = new Ledger(server.database)
  const lost = ledger.missing(acknowledged)
  await repeat(server, unanswered)
  return {
    acknowledged: acknowledged.length,
    repeated: unanswered.length,
    lost: lost.length,
    lostWithTranscript: lost.filter(({ transcriptPath }) => transcriptPath !== null).length,
  }
}

/** A file that is never written: what the agent of another machine names, or of one that dies with the server. */
function transcriptOf({ home }: BenchServer, sessionId: string): string {
  return join(home, '.claude', 'projects', '-tmp', `${sessionId}.jsonl`)
}

/** As the spool does: each event once more, under its first id. */
async function repeat({ port }: BenchServer, events: readonly ScriptedEvent[]): Promise<void> {
  const connection = await PostConnection.open(port)
  for (const event of events) {
    const status = await connection.post(bodyOf(event))
    if (!isAccepted(status)) throw new Error(`an event that was posted again was answered with ${status}`)
  }
  connection.close()
}

function figures(rounds: readonly Round[], account: Account, { faults, frames }: RevisionWatch): readonly Figure[] {
  const sum = (key: keyof Round) => rounds.reduce((total, round) => total + round[key], 0)
  const none = (row: string, value: number, text: string): Figure => ({
    row: `kill -9, ${rounds.length} times: ${row}`,
    value,
    text,
    target: atMost(0, ''),
  })
  const { surplus, deficit } = account
  const named = sum('lostWithTranscript')
  const faulty = faults.reused + faults.backwards
  return [
    none(
      'events lost',
      sum('lost'),
      `${count(sum('lost'))} of ${count(sum('acknowledged'))} acknowledged${named ? `, ${named} of them of sessions with a transcript` : ''}`,
    ),
    none('events missing in the end', worst(deficit), `${worst(deficit)}${namesOf(deficit)}`),
    none(
      'events doubled',
      worst(surplus),
      `${worst(surplus)}${namesOf(surplus)}, ${count(sum('repeated'))} posted again`,
    ),
    none('revisions reused or not growing', faulty, `${faulty} of ${count(frames)} frames`),
  ]
}

/** One event may be in several counters. */
function worst(counters: ReadonlyMap<Counter, number>): number {
  return Math.max(0, ...counters.values())
}

function namesOf(counters: ReadonlyMap<Counter, number>): string {
  return counters.size === 0 ? '' : ` (${[...counters].map(([name, value]) => `${name} ${value}`).join(', ')})`
}
