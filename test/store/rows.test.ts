import { afterEach, describe, expect, test } from 'bun:test'
import { hasEvent, pruneEvents, recentEventIds } from '../../src/store/hook-events.ts'
import { readPendingStart } from '../../src/store/pending-starts.ts'
import { readTranscriptCursor } from '../../src/store/transcripts.ts'
import { apply, cleanUp, opened } from './fixtures.ts'

afterEach(cleanUp)

describe('events', () => {
  test('are remembered once, per session', () => {
    const db = opened()
    apply(db, 's1', { table: 'events', seen: 'e', at: 1 })
    apply(db, 's1', { table: 'events', seen: 'e', at: 2 })
    expect([hasEvent(db, 's1', 'e'), hasEvent(db, 's2', 'e')]).toEqual([true, false])
  })

  test('of a session are read from the latest back, and handed over in order', () => {
    const db = opened()
    for (const [seen, at] of [
      ['c', 3],
      ['a', 1],
      ['b', 2],
    ] as const)
      apply(db, 's1', { table: 'events', seen, at })
    expect(recentEventIds(db, 's1', 2)).toEqual(['b', 'c'])
  })

  test('are forgotten session by session', () => {
    const db = opened()
    for (const session of ['s1', 's2', 's3']) {
      apply(db, session, { table: 'events', seen: 'old', at: 1 })
      apply(db, session, { table: 'events', seen: 'new', at: 100 })
    }
    expect(pruneEvents(db, 50, '', 2)).toBe('s2')
    expect(['s1', 's2', 's3'].map((session) => recentEventIds(db, session, 9))).toEqual([
      ['new'],
      ['new'],
      ['old', 'new'],
    ])
    expect(pruneEvents(db, 50, 's2', 2)).toBeNull()
    expect(recentEventIds(db, 's3', 9)).toEqual(['new'])
  })
})

test('a start that showed no life is remembered until it is taken back', () => {
  const db = opened()
  apply(db, 's1', { table: 'pending_starts', put: '{"cwd":"/a"}', at: 1 })
  apply(db, 's1', { table: 'pending_starts', put: '{"cwd":"/b"}', at: 2 })
  expect(readPendingStart(db, 's1')).toBe('{"cwd":"/b"}')
  apply(db, 's1', { table: 'pending_starts', put: null, at: 3 })
  expect(readPendingStart(db, 's1')).toBeUndefined()
})

test('it is known how far each transcript is read', () => {
  const db = opened()
  apply(db, 's1', { table: 'transcripts', put: { path: '/t', offset: 10, identity: '1:2' } })
  apply(db, 's1', { table: 'transcripts', put: { path: '/t', offset: 20, identity: '1:2' } })
  expect(readTranscriptCursor(db, 's1', '/t')).toEqual({ path: '/t', offset: 20, identity: '1:2' })
  expect(readTranscriptCursor(db, 's1', '/other')).toBeUndefined()
})
