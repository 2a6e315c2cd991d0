/** Hooks and lines that come out of order, twice or not at all end in the state of the recording all the same. */
import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type JsonObject, textAt } from '../../src/lib/json.ts'
import { turnGoesOn } from '../../src/transcripts/turn-at-end.ts'
import type { Replay } from '../hooks/replay.ts'
import type { EndState } from './end-state.ts'
import { played, playedAsRecorded, readAlone } from './played.ts'
import { inOrder, type Moment, momentsOf, type Scenario, scenarios } from './scenario.ts'

type Key = keyof EndState

/** Milliseconds by which a hook may be late. */
const LATE_MS = 50
/** Milliseconds by which all lines may be late: a row waits longer than that for its place. */
const LAG_MS = 600
const SEEDS = [1, 2, 3]
const RUNS = 15

const named = scenarios.map((scenario) => [scenario.name, scenario] as const)

function hooksOf(scenario: Scenario) {
  return momentsOf(scenario).filter((moment) => moment.kind === 'hook')
}

function linesOf(scenario: Scenario) {
  return momentsOf(scenario).filter((moment) => moment.kind === 'line')
}

function ends(replay: Replay, except: readonly Key[] = []) {
  return replay
    .endStates()
    .map((state) => Object.fromEntries(Object.entries(state).filter(([key]) => !except.some((name) => name === key))))
}

function late<Late extends Moment>(moment: Late, ms: number): Late {
  return { ...moment, atMs: moment.atMs + ms }
}

describe.each(SEEDS)('with seed %d', (seed) => {
  test.each(named)('%s: hooks that come up to 50 ms late', (_, scenario) => {
    const expected = ends(playedAsRecorded(scenario))
    const hooks = hooksOf(scenario)
    const delays = fc.array(fc.integer({ min: 0, max: LATE_MS }), { minLength: hooks.length, maxLength: hooks.length })
    fc.assert(
      fc.property(delays, (delay) => {
        const shuffled = hooks.map((hook, index) => late(hook, delay[index] ?? 0))
        expect(ends(played(scenario, inOrder([...shuffled, ...linesOf(scenario)])))).toEqual(expected)
      }),
      { seed, numRuns: RUNS },
    )
  })

  test.each(named)('%s: lines that are written late', (_, scenario) => {
    const expected = ends(playedAsRecorded(scenario))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAG_MS }), (lag) => {
        const lines = linesOf(scenario).map((line) => late(line, lag))
        expect(ends(played(scenario, inOrder([...hooksOf(scenario), ...lines])))).toEqual(expected)
      }),
      { seed, numRuns: RUNS },
    )
  })
})

/** The same from a script that gives its events no ids. */
function withoutId(moment: Moment): Moment {
  if (moment.kind === 'line') return moment
  const { event_id: _, ...rest }: JsonObject = JSON.parse(moment.body)
  return { ...moment, body: JSON.stringify(rest) }
}

describe.each([
  ['with an id', (moment: Moment) => moment],
  ['without an id', withoutId],
])('a hook %s that comes twice', (_, posted) => {
  test.each(named)('changes nothing in %s', (_, scenario) => {
    const expected = ends(playedAsRecorded(scenario))
    const moments = momentsOf(scenario).map(posted)
    for (const moment of moments.filter(({ kind }) => kind === 'hook'))
      expect(ends(played(scenario, inOrder([...moments, late(moment, LATE_MS)])))).toEqual(expected)
  })
})

interface Loss {
  /** What nobody else tells. */
  readonly keys: readonly Key[]
  readonly because: string
}

/** What a hook alone can tell, by its event; everything else is made up for by other hooks, the transcript or the process. */
const losses: Readonly<Record<string, Loss>> = {
  SessionStart: { keys: ['model', 'tokens'], because: 'transcripts leave out the mark of a large window' },
  SessionEnd: { keys: ['status'], because: 'it is known that the process has gone, but not why' },
  UserPromptSubmit: {
    keys: ['firstPrompt', 'mode'],
    because: 'the first prompt in the transcript may be older; of a turn that failed no other hook tells the mode',
  },
  PreToolUse: { keys: ['approvals', 'rows'], because: 'a request names no call, and the result comes without a place' },
  PermissionRequest: { keys: ['approvals'], because: 'nothing else tells that somebody was asked' },
  Stop: { keys: ['effort'], because: 'no other hook of a turn without tools tells the effort' },
  StopFailure: { keys: ['effort'], because: 'no other hook of a turn without tools tells the effort' },
}

/** Sessions of which only the beginning and the end were told: nobody has ever seen them. */
function withoutUnseen<State extends Pick<EndState, 'session'>>(states: readonly State[], replay: Replay) {
  const seen = replay.endStates().map(({ session }) => session)
  return states.filter(({ session }) => seen.includes(session))
}

/** What the process of an agent shows once its hooks are over: it waits, or it has gone. */
function repaired(replay: Replay, whole: Replay): Replay {
  for (const { id, listed, phase } of whole.sessions.values()) {
    if (!listed || !replay.sessions.get(id)?.listed) continue
    if (phase.name === 'ended') replay.apply(id, { type: 'session_ended', reason: 'process_gone' })
    else replay.apply(id, { type: 'status_observed', doing: 'waiting' })
  }
  return replay
}

const used = new Set<string>()

describe('a hook that never comes', () => {
  test.each(named)('%s', (_, scenario) => {
    const whole = playedAsRecorded(scenario)
    const moments = momentsOf(scenario)
    for (const [index, moment] of moments.entries()) {
      if (moment.kind === 'line') continue
      const event = textAt(JSON.parse(moment.body), 'hook_event_name') ?? ''
      const replay = repaired(played(scenario, moments.toSpliced(index, 1)), whole)
      const keys: readonly Key[] = losses[event]?.keys ?? []
      for (const state of withoutUnseen(whole.endStates(), replay)) {
        const found = replay.endStates().find(({ session }) => session === state.session)
        const different = (Object.keys(state) as Key[]).filter((key) => !Bun.deepEquals(state[key], found?.[key]))
        for (const key of different) used.add(`${event} ${key}`)
        expect({ event, lost: different.filter((key) => !keys.includes(key)) }).toEqual({ event, lost: [] })
      }
    }
  })

  test('costs nothing else, and everything that is named above', () => {
    const named = Object.entries(losses).flatMap(([event, { keys }]) => keys.map((key) => `${event} ${key}`))
    expect([...used].toSorted()).toEqual(named.toSorted())
  })
})

/** The same within a moment, as when the server comes up after the session: hooks lie in the spool, the transcript is whole. */
function atOnce(moments: readonly Moment[]): readonly Moment[] {
  return moments.map((moment) => ({ ...moment, atMs: 0 }))
}

describe('one half after the other, or without the other', () => {
  test.each(named)('%s: all hooks, then the transcript', (_, scenario) => {
    const replay = played(scenario, atOnce([...hooksOf(scenario), ...linesOf(scenario)]))
    // Who refused in the terminal is told by the transcript alone, and only while the request is open.
    const except: readonly Key[] = ['approvals']
    expect(ends(replay, except)).toEqual(ends(playedAsRecorded(scenario), except))
  })

  test.each(named)('%s: the whole transcript, then the hooks', (_, scenario) => {
    const replay = played(scenario, atOnce([...linesOf(scenario), ...hooksOf(scenario)]))
    // Requests about calls that are over are not recorded.
    const except: readonly Key[] = ['approvals']
    expect(ends(replay, except)).toEqual(ends(playedAsRecorded(scenario), except))
  })

  test.each(named)('%s: hooks only', (_, scenario) => {
    const replay = played(scenario, hooksOf(scenario))
    // Words, names and counters are in the transcript alone, and so is a refusal.
    const said: readonly Key[] = ['rows', 'name', 'summary', 'model', 'lastMessage', 'plan']
    const except: readonly Key[] = [...said, 'tokens', 'cost', 'approvals']
    expect(ends(replay, except)).toEqual(ends(playedAsRecorded(scenario), except))
  })

  test.each(named)('%s: the transcript only', (_, scenario) => {
    const whole = playedAsRecorded(scenario)
    for (const transcript of scenario.transcripts) {
      const [expected] = whole.endStates().filter(({ session }) => transcript.sessionId.startsWith(session))
      if (!expected) continue
      const [found] = readAlone(transcript, scenario.beganAt).endStates()
      const { name, summary, plan, lastMessage, rows, cost } = expected
      expect(found).toMatchObject({ name, summary, plan, lastMessage, rows, cost })
      expect(found?.status).toBe(`active, ${turnGoesOn(transcript.bytes.toString()) ? 'working' : 'waiting'}`)
    }
  })
})
