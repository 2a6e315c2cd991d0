/** Hooks that come out of order, twice, or never end in the state of the recording all the same. */
import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { SessionState } from '../../src/session/state.ts'
import { workStatus } from '../../src/session/view.ts'
import { recordedTranscript, transcripts } from '../transcripts/recorded-transcripts.ts'
import { arrivalsOf, recordedBodies, scenarios } from './recorded-hooks.ts'
import { Replay } from './replay.ts'

/** Milliseconds by which a hook may be late. */
const LATE_MS = 50
const RUNS = 25

interface Arrival {
  readonly body: string
  readonly atMs: number
}

function recorded(scenario: string): readonly Arrival[] {
  const arrivals = arrivalsOf(scenario)
  return recordedBodies(scenario).map((body, index) => ({ body, atMs: arrivals[index] ?? 0 }))
}

/** The same from a script that gives its events no ids. */
function withoutId({ body, atMs }: Arrival): Arrival {
  const { event_id: _, ...rest } = JSON.parse(body)
  return { body: JSON.stringify(rest), atMs }
}

function played(arrivals: readonly Arrival[]): Replay {
  const replay = new Replay()
  for (const { body, atMs } of arrivals.toSorted((a, b) => a.atMs - b.atMs)) replay.post(body, atMs)
  return replay
}

/** Everything that a client could tell apart, but for the times and the order of the rows. */
function outcome(replay: Replay) {
  return listed(replay).map((state) => ({
    ...status(state),
    reason: state.phase.name === 'ended' ? state.phase.reason : null,
    place: [state.projectPath, state.currentCwd, state.permissionMode],
    said: [state.firstPrompt, state.lastMessage],
    counts: [state.promptCount, state.toolCount, state.compactCount],
    subagents: state.subagents.map(({ id, agentType, endedAt }) => [id, agentType, endedAt !== null]).toSorted(),
    rows: replay
      .conversation(state.id)
      .map(({ timestamp: _, ...row }) => JSON.stringify(row))
      .toSorted(),
  }))
}

/** What a row of the list says a session does. */
function status(state: SessionState) {
  const { id, approvals, currentTurnId } = state
  return { id, status: workStatus(state), asked: approvals.length, isInTurn: currentTurnId !== null }
}

function listed(replay: Replay): readonly SessionState[] {
  return [...replay.sessions.values()].filter((state) => state.listed).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

const isLate = fc.integer({ min: 0, max: LATE_MS })

describe('hooks that come up to 50 ms late', () => {
  test.each(scenarios)('%s ends as it was recorded', (scenario) => {
    const arrivals = recorded(scenario)
    const expected = outcome(played(arrivals))
    const delays = fc.array(isLate, { minLength: arrivals.length, maxLength: arrivals.length })
    fc.assert(
      fc.property(delays, (late) => {
        const shuffled = arrivals.map(({ body, atMs }, index) => ({ body, atMs: atMs + (late[index] ?? 0) }))
        expect(outcome(played(shuffled))).toEqual(expected)
      }),
      { numRuns: RUNS },
    )
  })
})

describe.each([
  ['with an id', (arrival: Arrival) => arrival],
  ['without an id', withoutId],
])('a hook %s that comes twice', (_, posted) => {
  test.each(scenarios)('changes nothing in %s', (scenario) => {
    const arrivals = recorded(scenario).map(posted)
    const expected = outcome(played(arrivals))
    for (const [index, { body, atMs }] of arrivals.entries()) {
      const doubled = arrivals.toSpliced(index, 0, { body, atMs: atMs + LATE_MS })
      expect(outcome(played(doubled))).toEqual(expected)
    }
  })
})

/** Scenarios whose only transcript goes by the same name. */
const transcribed = scenarios.filter((scenario) => transcripts.includes(scenario))

/** What the records of an agent say once its hooks are over: it waits, or its process has gone. */
function repaired(replay: Replay, whole: Replay): Replay {
  for (const state of listed(whole)) {
    if (replay.sessions.get(state.id)?.phase.name === 'ended') continue
    if (state.phase.name === 'ended') replay.apply(state.id, { type: 'session_ended', reason: 'process_gone' })
    else if (workStatus(state) !== 'working') replay.apply(state.id, { type: 'status_observed', doing: 'waiting' })
  }
  return replay
}

/** Rows without what hooks and transcript tell each in their own words. */
function rowsOf(replay: Replay, sessionId: string) {
  return replay
    .conversation(sessionId)
    .map(({ type, toolName, content, toolOutput, isError }) =>
      [type, toolName, content, toolOutput !== null, isError].join(),
    )
    .toSorted()
}

describe('a hook that never comes', () => {
  test.each(scenarios)('leaves no session of %s in another state for good', (scenario) => {
    const arrivals = recorded(scenario)
    const whole = played(arrivals)
    for (const [index] of arrivals.entries()) {
      const replay = repaired(played(arrivals.toSpliced(index, 1)), whole)
      // A session of which only the beginning and the end are left was never seen.
      const seen = listed(whole).filter(({ id }) => replay.sessions.get(id)?.listed)
      expect(listed(replay).map(status)).toEqual(seen.map(status))
    }
  })

  test.each(transcribed)('costs %s no row', (scenario) => {
    const arrivals = recorded(scenario)
    const whole = played(arrivals)
    const [{ id } = { id: '' }] = listed(whole)
    whole.read(id, recordedTranscript(scenario))
    for (const [index] of arrivals.entries()) {
      const replay = played(arrivals.toSpliced(index, 1))
      replay.read(id, recordedTranscript(scenario))
      expect(rowsOf(replay, id)).toEqual(rowsOf(whole, id))
    }
  })
})
