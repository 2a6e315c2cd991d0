import { afterEach, expect, test } from 'bun:test'
import type { ReviewComment } from '../../src/protocol/model/review.ts'
import { readReviewComments, sessionOfReviewComment } from '../../src/store/review-comments.ts'
import { readSession } from '../../src/store/sessions.ts'
import { apply, cleanUp, opened } from './fixtures.ts'

afterEach(cleanUp)

const remark = (over: Partial<ReviewComment> = {}): ReviewComment => ({
  id: 'rc-s1-1',
  session_id: 's1',
  turn_id: 'turn-1',
  file_path: 'src/a.ts',
  line_start: 4,
  line_end: 6,
  body: 'why?',
  tag: 'risk',
  status: 'open',
  created_at: '2026-02-21T10:00:00Z',
  updated_at: undefined,
  ...over,
})

function withSessions() {
  const db = opened()
  for (const id of ['s1', 's2']) apply(db, id, { table: 'sessions', put: { projectPath: '/proj' } })
  return db
}

test('remarks are read oldest first, also of one turn, and each knows its session', () => {
  const db = withSessions()
  const first = remark({ created_at: '2026-02-21T10:00:01Z' })
  const second = remark({ id: 'rc-s1-2', turn_id: undefined, line_end: undefined, tag: undefined })
  const [third, fourth] = [remark({ id: 'rc-s1-3' }), remark({ id: 'rc-s2-1', session_id: 's2' })]
  for (const put of [first, second, third]) apply(db, 's1', { table: 'review_comments', put })
  apply(db, 's2', { table: 'review_comments', put: fourth })
  expect(readReviewComments(db, 's1')).toEqual([second, third, first])
  expect(readReviewComments(db, 's1', 'turn-1')).toEqual([third, first])
  expect(readReviewComments(db, 'unknown')).toEqual([])
  expect(readSession(db, 's2')?.reviewComments).toEqual([fourth])
  expect(sessionOfReviewComment(db, 'rc-s2-1')).toBe('s2')
  expect(sessionOfReviewComment(db, 'rc-s9-1')).toBeUndefined()
})

test('a remark that is written again keeps its place, and one of another session its words', () => {
  const db = withSessions()
  const [first, second] = [remark(), remark({ id: 'rc-s1-2' })]
  for (const put of [first, second]) apply(db, 's1', { table: 'review_comments', put })
  const resolved = remark({ status: 'resolved', body: 'so?', tag: 'nit', updated_at: '2026-02-21T11:00:00Z' })
  apply(db, 's1', { table: 'review_comments', put: resolved })
  apply(db, 's2', { table: 'review_comments', put: remark({ session_id: 's2', body: 'not yours' }) })
  apply(db, 's2', { table: 'review_comments', remove: second.id })
  expect(readReviewComments(db, 's1')).toEqual([resolved, second])
  apply(db, 's1', { table: 'review_comments', remove: first.id })
  expect(readReviewComments(db, 's1')).toEqual([second])
})

test('rows of the original are read as they were meant', () => {
  const db = withSessions()
  db.run(`INSERT INTO review_comments (id, session_id, file_path, line_start, body, tag, status, created_at)
    VALUES ('rc-s1-1', 's1', 'a', 1, 'x', 'praise', 'closed', '1771668000Z')`)
  expect(readReviewComments(db, 's1')).toMatchObject([
    { tag: undefined, status: 'open', created_at: '2026-02-21T10:00:00Z', updated_at: undefined },
  ])
})
