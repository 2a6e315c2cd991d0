import { describe, expect, test } from 'bun:test'
import { awaitingApproval, SESSION_ID } from '../support/builders.ts'
import { ask } from './history.ts'

describe('the record of approvals', () => {
  test('AP17 loses an entry at a client’s wish, and what is pending stays pending: G12', () => {
    const state = awaitingApproval('req-1')
    const deleted = ask(state, { type: 'delete_approval', session_id: SESSION_ID, approval_id: 7 })
    expect(deleted).toMatchObject({ rows: [{ table: 'approvals', remove: 7 }], frames: [], actions: [] })
    expect(deleted.replies).toEqual([{ type: 'approval_deleted', approval_id: 7 }])
    expect(deleted.state).toBe(state)
  })
})
