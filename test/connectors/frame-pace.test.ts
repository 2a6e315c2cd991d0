import { expect, test } from 'bun:test'
import { FramePace } from '../../src/connectors/frame-pace.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { reported } from '../support/builders.ts'
import { HeldTimers } from '../support/held-timers.ts'

const grown = (content: string, id = 'row'): SessionEvent => ({ type: 'message_changed', id, content })
const begun: SessionEvent = { type: 'turn_started' }

function paced() {
  const told: SessionEvent[] = []
  const timers = new HeldTimers()
  return { told, timers, pace: new FramePace((events) => told.push(...events), timers) }
}

test('a row that grows all the time is told at most twenty times a second, and its last state for certain', () => {
  const { told, timers, pace } = paced()
  for (let at = 0; at < 999; at++) {
    pace.growing([grown(`${at}`)])
    timers.pass(1)
  }
  expect(told.length).toBeLessThanOrEqual(20)
  expect(told.length).toBeGreaterThan(15)
  timers.pass(100)
  expect(told.at(-1)).toEqual(grown('998'))
})

test('the first word is told at once', () => {
  const { told, pace } = paced()
  pace.growing([grown('a')])
  expect(told).toEqual([grown('a')])
})

test('two rows do not slow each other', () => {
  const { told, pace } = paced()
  pace.growing([grown('a', 'one')])
  pace.growing([grown('b', 'two')])
  expect(told).toHaveLength(2)
})

test('what happens next comes behind what was held, and the whole text instead of a part', () => {
  const { told, pace } = paced()
  pace.growing([grown('a')])
  pace.growing([grown('ab')])
  pace.settled([begun])
  expect(told).toEqual([grown('a'), grown('ab'), begun])
  pace.growing([grown('abc')])
  pace.growing([grown('abcd')])
  pace.settled([grown('abcde')])
  expect(told.slice(3)).toEqual([grown('abcde')])
})

test('the last words of a row come before the row behind it', () => {
  const { told, timers, pace } = paced()
  const thought = reported({ id: 'thought', content: 'A plain a' })
  const answer = reported({ id: 'answer', content: 'Hello' })
  pace.growing([thought])
  pace.growing([grown('A plain answer', 'thought')])
  pace.growing([answer])
  expect(told).toEqual([thought, grown('A plain answer', 'thought'), answer])
  timers.pass(1_000)
  expect(told).toHaveLength(3)
})
