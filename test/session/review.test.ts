import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { REVIEW_COMMENTS_MAX } from '../../src/lib/limits.ts'
import type { SessionMessage } from '../../src/protocol/client/index.ts'
import type { ReviewComment } from '../../src/protocol/model/review.ts'
import type { ServerMessage } from '../../src/protocol/server/index.ts'
import type { StoreRow } from '../../src/session/effects.ts'
import { REVIEW_COMMENT_CHARS_MAX } from '../../src/session/limits.ts'
import { restoreSession } from '../../src/session/restore.ts'
import { storedSession } from '../../src/session/stored-session.ts'
import { anEndedSession, aSession, NOW, SESSION_ID } from '../support/builders.ts'
import { anyHistory } from './any-input.ts'
import { ask, framesOf, runAt } from './history.ts'

type Create = Extract<SessionMessage, { type: 'create_review_comment' }>

const about = { session_id: SESSION_ID } as const
const create = (over: Partial<Create> = {}): Create => ({
  type: 'create_review_comment',
  ...about,
  file_path: 'src/a.ts',
  line_start: 4,
  body: 'why?',
  ...over,
})

/** A session with one remark. */
function remarked() {
  const { state } = ask(aSession(), create({ turn_id: 'turn-1', line_end: 6, tag: 'risk' }))
  const [comment] = state.reviewComments
  if (!comment) throw new Error('a remark is kept')
  return { state, comment, comment_id: comment.id }
}

describe('a remark on a diff', () => {
  test('RE1 is stored and told to followers: I01', () => {
    const made = ask(aSession(), create({ turn_id: 'turn-1', line_end: 6, tag: 'risk' }))
    const comment = {
      id: `rc-${SESSION_ID}-${NOW}`,
      session_id: SESSION_ID,
      turn_id: 'turn-1',
      file_path: 'src/a.ts',
      line_start: 4,
      line_end: 6,
      body: 'why?',
      tag: 'risk',
      status: 'open',
      created_at: '2026-02-21T10:00:00Z',
    } as const
    expect(made.frames).toEqual([{ type: 'review_comment_created', session_id: SESSION_ID, comment }])
    expect(made.rows).toEqual([{ table: 'review_comments', put: comment }])
    expect(made.listFrames).toEqual([])
  })
  test('RE1 carries the first eight characters of the session’s id, whatever characters they are', () => {
    const idOf = (id: string) => ask(aSession({ id }), create()).state.reviewComments[0]?.id
    expect(idOf('019c4b7e-7d4e-7a30-9a2f-3e1f6f0f3b11')).toBe(`rc-019c4b7e-${NOW}`)
    expect(idOf('🦊'.repeat(9))).toBe(`rc-${'🦊'.repeat(8)}-${NOW}`)
  })
  test('RE1 has an id of its own, also within one millisecond: the original’s lost the second one', () => {
    const { state } = ask(aSession(), create(), create(), create())
    expect(new Set(state.reviewComments.map(({ id }) => id)).size).toBe(3)
  })
  test('RE1 can be written when the session is over', () => {
    expect(ask(anEndedSession(), create()).frames).toMatchObject([{ type: 'review_comment_created' }])
  })
  test('RE2 keeps what a change does not name: I02', () => {
    const { state, comment, comment_id } = remarked()
    const update = { type: 'update_review_comment', ...about, comment_id } as const
    const outcome = runAt(NOW + 5_000, state, { from: 'client', message: { ...update, status: 'resolved' } })
    const resolved = { ...comment, status: 'resolved', updated_at: '2026-02-21T10:00:05Z' } as const
    expect(outcome.frames).toEqual([{ type: 'review_comment_updated', session_id: SESSION_ID, comment: resolved }])
    expect(outcome.rows).toEqual([{ table: 'review_comments', put: resolved }])
    expect(ask(outcome.state, { ...update, body: 'so?', tag: 'nit' }).state.reviewComments).toMatchObject([
      { body: 'so?', tag: 'nit', status: 'resolved', line_start: 4 },
    ])
  })
  test('RE3 is gone once it is deleted', () => {
    const { state, comment_id } = remarked()
    const message = { type: 'delete_review_comment', ...about, comment_id } as const
    const outcome = ask(state, message)
    expect(outcome.frames).toEqual([{ type: 'review_comment_deleted', session_id: SESSION_ID, comment_id }])
    expect(outcome.rows).toEqual([{ table: 'review_comments', remove: comment_id }])
    expect(ask(outcome.state, message).replies).toMatchObject([{ code: 'not_found' }])
  })
  test('RE4 that nobody knows is refused', () => {
    const { state } = remarked()
    for (const type of ['update_review_comment', 'delete_review_comment'] as const) {
      const outcome = ask(state, { type, ...about, comment_id: 'rc-x-1' })
      expect(outcome).toMatchObject({ state, frames: [], rows: [], replies: [{ code: 'not_found' }] })
    }
  })
  test('RE5 that is too long is refused rather than cut', () => {
    const { state, comment_id } = remarked()
    const body = 'x'.repeat(REVIEW_COMMENT_CHARS_MAX)
    for (const message of [create({ body }), { type: 'update_review_comment', ...about, comment_id, body } as const])
      expect(ask(state, message)).toMatchObject({ state, rows: [], replies: [{ code: 'invalid_argument' }] })
  })
  test('RE5 that is one too many is refused', () => {
    const { state, comment } = remarked()
    const full = { ...state, reviewComments: new Array<ReviewComment>(REVIEW_COMMENTS_MAX).fill(comment) }
    expect(ask(full, create())).toMatchObject({ state: full, rows: [], replies: [{ code: 'invalid_argument' }] })
  })
  test('SN6 is known again after a restart', () => {
    const { state } = remarked()
    const beside = { approvals: [], answered: [], subagents: [], turnDiffs: [], now: NOW }
    const { reviewComments } = state
    const stored = { ...storedSession(state), revisionCeiling: 0 }
    expect(restoreSession(SESSION_ID, stored, { ...beside, reviewComments }).reviewComments).toEqual(reviewComments)
  })
})

test('RE1 clients and the store know the same remarks after every history', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const [clients, store] = [new Map<string, ReviewComment>(), new Map<string, ReviewComment>()]
      let state = aSession()
      for (const { input } of history) {
        const outcome = runAt(NOW, state, input)
        for (const frame of outcome.frames) readFrame(clients, frame)
        for (const row of outcome.rows) readRow(store, row)
        state = outcome.state
        expect([...clients.values()]).toEqual([...state.reviewComments])
        expect(store).toEqual(clients)
      }
    }),
    { numRuns: 100 },
  )
})

function readFrame(known: Map<string, ReviewComment>, frame: ServerMessage): void {
  for (const { comment } of framesOf([frame], 'review_comment_created')) known.set(comment.id, comment)
  for (const { comment } of framesOf([frame], 'review_comment_updated')) known.set(comment.id, comment)
  for (const { comment_id } of framesOf([frame], 'review_comment_deleted')) known.delete(comment_id)
}

function readRow(known: Map<string, ReviewComment>, row: StoreRow): void {
  if (row.table !== 'review_comments') return
  if ('put' in row) known.set(row.put.id, row.put)
  else known.delete(row.remove)
}
