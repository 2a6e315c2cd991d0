import { afterEach, expect, test } from 'bun:test'
import type { ConversationMessage } from '../../src/session/state.ts'
import { lastSaidBefore, placeBehind, readPlace, readPrompts } from '../../src/store/message-history.ts'
import { readMessages } from '../../src/store/messages.ts'
import { readResumePoint } from '../../src/store/resume-points.ts'
import { aMessage } from '../support/builders.ts'
import { apply, cleanUp, opened } from './fixtures.ts'

afterEach(cleanUp)

const PROJECT = { projectPath: '/p' }

function conversation() {
  const db = opened()
  apply(db, 'old', { table: 'sessions', put: PROJECT })
  apply(db, 'new', { table: 'sessions', put: PROJECT })
  const rows: readonly Partial<ConversationMessage>[] = [
    { id: 'old:p1', type: 'user', content: 'One' },
    { id: 'old:a1', type: 'assistant', content: 'First' },
    { id: 'legacy-2', type: 'shell', content: 'ls' },
    { id: 'old:p2', type: 'user', content: 'Two' },
    { id: 'old:sh', type: 'shell', content: 'pwd' },
    { id: 'old:a2', type: 'assistant', content: 'Second' },
  ]
  for (const [sequence, row] of rows.entries()) apply(db, 'old', { table: 'messages', put: aMessage(row), sequence })
  return db
}

const idsOf = (db: ReturnType<typeof opened>, session: string) =>
  readMessages(db, session, { limit: 99 }).map(({ id, sequence }) => `${sequence} ${id}`)

test('a history is copied up to a place, under ids of the new session', () => {
  const db = conversation()
  const copy = { sessionId: 'old', before: 4 }
  apply(db, 'new', { table: 'history', copy })
  apply(db, 'new', { table: 'history', copy })
  expect(idsOf(db, 'new')).toEqual(['0 new:p1', '1 new:a1', '2 new:legacy-2', '3 new:p2'])
  expect(idsOf(db, 'old')).toHaveLength(6)
})

test('a history is cut at a place, but for what people ran in their shell', () => {
  const db = conversation()
  apply(db, 'old', { table: 'history', removeFrom: 3 })
  expect(idsOf(db, 'old')).toEqual(['0 old:p1', '1 old:a1', '2 legacy-2', '4 old:sh'])
  expect(placeBehind(db, 'old')).toBe(5)
})

test('prompts have their places, and what was said last before one is known', () => {
  const db = conversation()
  const two = { id: 'old:p2', sequence: 3, content: 'Two' }
  expect(readPrompts(db, 'old')).toEqual([{ id: 'old:p1', sequence: 0, content: 'One' }, two])
  expect(readPlace(db, 'old:p2')).toEqual(two)
  expect(readPlace(db, 'old:p3')).toBeUndefined()
  expect([lastSaidBefore(db, 'old', 3), lastSaidBefore(db, 'old', 0)]).toEqual(['First', null])
  apply(db, 'old', { table: 'messages', put: aMessage({ id: 'old:dropped:6', content: 'Taken back.' }), sequence: 6 })
  expect(lastSaidBefore(db, 'old', 9)).toBe('Second')
})

test('where a conversation goes on is remembered, the latest place only, and forgotten', () => {
  const db = opened()
  expect(readResumePoint(db, 's')).toBeUndefined()
  for (const put of [
    { kind: 'copy', path: '/t/a.jsonl', entry: 'u1' },
    { kind: 'before', entry: 'u2' },
    { kind: 'empty' },
  ] as const) {
    apply(db, 's', { table: 'resume_points', put })
    expect(readResumePoint(db, 's')).toEqual(put)
  }
  apply(db, 's', { table: 'resume_points', put: null })
  expect(readResumePoint(db, 's')).toBeUndefined()
})
