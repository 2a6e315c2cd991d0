/** Recorded sessions as they go through the rules, without a server: in order, or in any other. */

import { turnGoesOn } from '../../src/transcripts/turn-at-end.ts'
import { Replay } from '../hooks/replay.ts'
import { type Moment, momentsOf, type Scenario, type Transcript } from './scenario.ts'

/** What happened, in the order in which it was recorded. */
export function playedAsRecorded(scenario: Scenario): Replay {
  return played(scenario, momentsOf(scenario))
}

/** What happens when the moments of a scenario come in this order, each at its time or after the one before. */
export function played(scenario: Scenario, moments: readonly Moment[]): Replay {
  const player = new Player(scenario)
  for (const moment of moments) player.play(moment)
  return player.end()
}

/** What is found of a session that no hooks tell of, whose transcript is read as it is written. */
export function readAlone({ sessionId, path, lines, bytes }: Transcript, beganAt?: number): Replay {
  const replay = new Replay(beganAt === undefined ? {} : { beganAt })
  const seen = { type: 'session_described', quiet: false, observed: 'transcript' } as const
  replay.apply(sessionId, { ...seen, cwd: '/home/dev/proj', transcriptPath: path }, 0)
  replay.follow(sessionId, 0)
  for (const { line, atMs } of lines) replay.grow(sessionId, Buffer.from(line), Math.max(atMs, 0))
  replay.settle()
  const goesOn = turnGoesOn(bytes.toString())
  if (goesOn !== null) replay.apply(sessionId, { type: 'status_observed', doing: goesOn ? 'working' : 'waiting' })
  return replay
}

export class Player {
  readonly replay: Replay
  readonly #isKilled: boolean
  /** What nobody has read, by session. */
  readonly #unread = new Map<string, string>()
  #atMs = 0

  constructor({ beganAt, isKilled }: Scenario) {
    this.replay = new Replay({ beganAt, transcribed: true })
    this.#isKilled = isKilled
  }

  play(moment: Moment): void {
    const { sessionId } = moment
    this.#atMs = Math.max(this.#atMs, moment.atMs)
    if (moment.kind === 'hook') {
      // Nobody believes a start that its own process denies.
      if (moment.held === sessionId) this.replay.post(moment.body, this.#atMs)
    } else this.#unread.set(sessionId, (this.#unread.get(sessionId) ?? '') + moment.line)
    this.#read()
  }

  /** Lets everything settle that waits; a process that was killed is missed by then. */
  end(): Replay {
    const { replay } = this
    replay.settle()
    if (!this.#isKilled) return replay
    for (const id of replay.sessions.keys()) replay.apply(id, { type: 'session_ended', reason: 'process_gone' })
    return replay
  }

  /** A transcript is read from when its session is known; what it holds by then tells of the past. */
  #read(): void {
    for (const { id, listed } of this.replay.sessions.values()) {
      if (!listed) continue
      const bytes = Buffer.from(this.#unread.get(id) ?? '')
      this.#unread.delete(id)
      this.replay.follow(id, bytes.length)
      if (bytes.length > 0) this.replay.grow(id, bytes, this.#atMs)
    }
  }
}
