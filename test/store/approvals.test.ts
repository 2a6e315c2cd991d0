import { afterEach, describe, expect, test } from 'bun:test'
import { LIST_BYTES_MAX } from '../../src/lib/limits.ts'
import { listApprovals, readApproval } from '../../src/store/approvals.ts'
import { readSession } from '../../src/store/sessions.ts'
import { anApproval } from './builders.ts'
import { all, apply, cleanUp, withSession } from './fixtures.ts'

afterEach(cleanUp)

const AT = Date.parse('2026-02-21T10:00:05Z')
const denial = { verdict: 'denied', message: 'not now', interrupt: true, updatedInput: null, answer: null } as const

describe('a request', () => {
  test('that is put again while it is open stays one row (the later fix F-22)', () => {
    const db = withSession()
    apply(db, 's1', { table: 'approvals', put: anApproval({ command: 'ls' }), cwd: '/repo' })
    apply(db, 's1', { table: 'approvals', put: anApproval({ command: 'ls -la' }), cwd: '/repo' })
    expect(readSession(db, 's1')?.approvals).toEqual([anApproval({ command: 'ls -la' })])
  })

  test('keeps everything that clients and hooks need', () => {
    const db = withSession()
    const approval = anApproval({
      kind: 'question',
      filePath: '/f',
      diff: '+',
      question: 'which?',
      proposedAmendment: ['git', 'push'],
      suggestions: '[]',
      agentId: 'sub',
    })
    apply(db, 's1', { table: 'approvals', put: approval, cwd: '/repo' })
    expect(readSession(db, 's1')?.approvals).toEqual([approval])
  })

  test('of the same id that was decided before is a new row', () => {
    const db = withSession()
    apply(db, 's1', { table: 'approvals', put: anApproval(), cwd: '/repo' })
    apply(db, 's1', { table: 'approvals', decide: { requestId: 'req-1', decision: 'approved', at: AT } })
    apply(db, 's1', { table: 'approvals', put: anApproval({ requestedAt: AT + 60_000 }), cwd: '/repo' })
    expect(all(db, 'SELECT decision FROM approval_history ORDER BY id')).toEqual([
      { decision: 'approved' },
      { decision: null },
    ])
  })

  test('that is written once more after its decision changes nothing', () => {
    const db = withSession()
    for (let time = 0; time < 2; time++) {
      apply(db, 's1', { table: 'approvals', put: anApproval(), cwd: '/repo' })
      apply(db, 's1', { table: 'approvals', decide: { requestId: 'req-1', decision: 'approved', at: AT } })
    }
    expect(all(db, 'SELECT decision FROM approval_history')).toEqual([{ decision: 'approved' }])
  })

  test('that the original left open twice is closed twice', () => {
    const db = withSession()
    for (let row = 0; row < 2; row++) {
      db.run(
        "INSERT INTO approval_history (session_id, request_id, approval_type, created_at) VALUES ('s1', 'r', 'exec', '1771668000Z')",
      )
    }
    apply(db, 's1', { table: 'approvals', decide: { requestId: 'r', decision: 'denied', at: AT } })
    expect(all(db, 'SELECT decision, decided_at FROM approval_history')).toEqual([
      { decision: 'denied', decided_at: '2026-02-21T10:00:05Z' },
      { decision: 'denied', decided_at: '2026-02-21T10:00:05Z' },
    ])
  })
})

describe('an answer', () => {
  test('is found again with all it said, for a hook that asks again', () => {
    const db = withSession()
    apply(db, 's1', { table: 'approvals', put: anApproval(), cwd: '/repo' })
    const decide = { requestId: 'req-1', decision: 'denied', at: AT, answer: denial }
    apply(db, 's1', { table: 'approvals', decide })
    expect(readSession(db, 's1')).toMatchObject({
      approvals: [],
      answered: [{ requestId: 'req-1', eventId: 'event-1', approval: anApproval(), decision: denial }],
    })
  })

  test('is not made up where a request was taken back', () => {
    const db = withSession()
    apply(db, 's1', { table: 'approvals', put: anApproval(), cwd: '/repo' })
    apply(db, 's1', { table: 'approvals', decide: { requestId: 'req-1', decision: 'withdrawn', at: AT } })
    expect(readSession(db, 's1')?.answered).toEqual([])
  })
})

describe('the history', () => {
  const withRequests = (count: number, command = 'ls') => {
    const db = withSession()
    withSession({}, 's2', db)
    for (let number = 1; number <= count; number++) {
      const session = number % 2 === 0 ? 's2' : 's1'
      apply(db, session, { table: 'approvals', put: anApproval({ requestId: `r${number}`, command }), cwd: '/repo' })
    }
    return db
  }

  test('has the newest first, of all sessions or of one', () => {
    const db = withRequests(4)
    expect(listApprovals(db, {}).map(({ id }) => id)).toEqual([4, 3, 2, 1])
    expect(listApprovals(db, { sessionId: 's1', limit: 1 }).map(({ request_id }) => request_id)).toEqual(['r3'])
  })

  test('is written as clients read it', () => {
    const db = withSession()
    apply(db, 's1', { table: 'approvals', put: anApproval({ proposedAmendment: ['ls'] }), cwd: '/repo' })
    apply(db, 's1', { table: 'approvals', decide: { requestId: 'req-1', decision: 'approved', at: AT } })
    expect(readApproval(db, 1)).toEqual({
      id: 1,
      session_id: 's1',
      request_id: 'req-1',
      approval_type: 'exec',
      tool_name: 'Bash',
      command: 'ls',
      file_path: null,
      cwd: '/repo',
      decision: 'approved',
      proposed_amendment: ['ls'],
      created_at: '2026-02-21T10:00:00Z',
      decided_at: '2026-02-21T10:00:05Z',
    })
  })

  test('is 200 long when nobody says how long, and never longer than 1,000', () => {
    const db = withRequests(1_010)
    expect(listApprovals(db, {})).toHaveLength(200)
    expect(listApprovals(db, { limit: 5_000 })).toHaveLength(1_000)
    expect(listApprovals(db, { limit: -1 })).toEqual([])
  })

  test('fits into a frame', () => {
    const db = withRequests(150, '\u{1F980}'.repeat(8_000))
    const items = listApprovals(db, {})
    expect(items.length).toBeGreaterThan(10)
    expect(Buffer.byteLength(JSON.stringify(items))).toBeLessThanOrEqual(LIST_BYTES_MAX)
  })

  test('loses a row that somebody deletes, and says so', () => {
    const db = withRequests(2)
    apply(db, '', { table: 'approvals', remove: 2 })
    expect(readApproval(db, 2)).toBeUndefined()
    expect(listApprovals(db, {}).map(({ id }) => id)).toEqual([1])
  })
})
