import { afterEach, expect, test } from 'bun:test'
import { sessionCopiedBy } from '../../src/store/copied-rows.ts'
import { aMessage } from './builders.ts'
import { apply, cleanUp, opened, withSession } from './fixtures.ts'

afterEach(cleanUp)

/** A database with these conversations, each the native ids of its rows. */
function withConversations(conversations: Readonly<Record<string, readonly string[]>>) {
  const db = opened()
  for (const [sessionId, rows] of Object.entries(conversations)) {
    withSession({}, sessionId, db)
    for (const [sequence, native] of rows.entries())
      apply(db, sessionId, { table: 'messages', put: aMessage({ id: `${sessionId}:${native}` }), sequence })
  }
  return db
}

test('a session is a copy of the one that it shares most rows with', () => {
  const db = withConversations({ first: ['a', 'b'], second: ['a', 'b', 'c'], other: ['x'], copy: ['a', 'b', 'c', 'd'] })
  expect(sessionCopiedBy(db, 'copy')).toBe('second')
})

test('a session that shares no row is no copy, nor is one of which nothing is known', () => {
  const db = withConversations({ first: ['a'], other: ['x'], empty: [] })
  expect(sessionCopiedBy(db, 'other')).toBeNull()
  expect(sessionCopiedBy(db, 'empty')).toBeNull()
  expect(sessionCopiedBy(db, 'unknown')).toBeNull()
})
