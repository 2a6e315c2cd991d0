import { describe, expect, test } from 'bun:test'
import type { SessionEvent } from '../../src/session/events.ts'
import { snapshotOf, summaryOf, workStatus } from '../../src/session/view.ts'
import {
  anApproval,
  anEndedSession,
  anUnlistedSession,
  approvalRequested,
  aSession,
  aWorkingSession,
  awaitingApproval,
  prompt,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { changesIn, report } from './history.ts'

const observed = (doing: 'working' | 'waiting' | 'permission' | 'question'): SessionEvent => ({
  type: 'status_observed',
  doing,
})

describe('what the agent’s own record says', () => {
  test('OB1 work after a prompt means that it was answered in the terminal', () => {
    const { state, frames, rows, actions } = report(awaitingApproval('one', 'two'), observed('working'))
    expect(workStatus(state)).toBe('working')
    expect(state.approvals).toEqual([])
    expect(changesIn(frames).at(-1)).toMatchObject({ work_status: 'working', pending_approval: null })
    expect(rows).toMatchObject([
      { table: 'sessions' },
      { decide: { requestId: 'one', decision: 'answered_in_terminal' } },
      { decide: { requestId: 'two', decision: 'answered_in_terminal' } },
    ])
    expect(actions).toEqual([
      { do: 'release', eventId: 'event-1' },
      { do: 'release', eventId: 'event-2' },
    ])
  })
  test('OB1 work of an idle session opens a turn, as of a shell command of its user', () => {
    const { state } = report(aSession(), observed('working'))
    expect(state).toMatchObject({ phase: { name: 'working' }, currentTurnId: 'turn-1' })
    expect(report(state, observed('working')).frames).toEqual([])
  })
  test('OB1 work clears what the session was said to wait for', () => {
    const { state } = report(aWorkingSession(), observed('question'), observed('working'))
    expect(workStatus(state)).toBe('working')
  })

  test('OB2 a turn is over although no hook said so', () => {
    const { state } = report(aSession(), prompt(), toolStarted(), observed('waiting'))
    expect(workStatus(state)).toBe('waiting')
    expect(state.currentTurnId).toBeNull()
  })
  test('OB2 what was asked is taken back with it, also by subagents', () => {
    const asking = aWorkingSession({ approvals: [anApproval(), anApproval({ requestId: 'of-agent', agentId: 'a' })] })
    const { state, rows } = report(asking, observed('waiting'))
    expect(workStatus(state)).toBe('waiting')
    expect(rows.slice(1)).toMatchObject([{ decide: { decision: 'withdrawn' } }, { decide: { decision: 'withdrawn' } }])
  })
  test('OB2 a question that was refused in the terminal is a question no more', () => {
    const question = toolStarted({ name: 'AskUserQuestion', input: '{"question":"Which?"}' })
    const asked = report(aSession(), prompt(), question, turnCompleted())
    expect(workStatus(asked.state)).toBe('question')
    expect(workStatus(report(asked.state, observed('waiting')).state)).toBe('waiting')
  })
  test('OB2 a late stop of that turn changes nothing but the last message', () => {
    const over = report(aSession(), prompt(), observed('waiting')).state
    const { state } = report(over, turnCompleted({ lastMessage: 'Done.' }))
    expect({ ...state, lastMessage: null, lastActivityAt: null }).toEqual({
      ...over,
      lastMessage: null,
      lastActivityAt: null,
    })
  })
  test('OB2 an idle session stays as it is', () => {
    expect(report(aSession(), observed('waiting')).effects).toEqual([])
  })

  test('OB3 a prompt that no hook told of is shown, and its hook replaces it', () => {
    const { state } = report(aWorkingSession(), toolStarted(), observed('permission'))
    expect(workStatus(state)).toBe('permission')
    const asked = report(state, approvalRequested()).state
    expect(asked).toMatchObject({ attention: null, approvals: [{ requestId: 'tool-1' }] })
  })
  test('OB3 a request that is known says more', () => {
    expect(report(awaitingApproval(), observed('question')).effects).toEqual([])
  })

  test('OB4 neither lists a session nor wakes one', () => {
    for (const doing of ['working', 'waiting', 'permission', 'question'] as const) {
      expect(report(anUnlistedSession({ projectPath: '/proj' }), observed(doing)).state.listed).toBe(false)
      expect(report(anEndedSession({ endedAt: 0 }), observed(doing)).effects).toEqual([])
    }
  })
})

describe('a session that no hooks tell of', () => {
  test('OB5 says so, until one does', () => {
    const seen: SessionEvent = { type: 'session_described', quiet: false, cwd: '/proj', observed: 'transcript' }
    const { state, listFrames } = report(anUnlistedSession(), seen)
    expect(listFrames).toMatchObject([{ type: 'session_created', session: { observed: 'transcript' } }])
    expect(snapshotOf(state, [], 1).observed).toBe('transcript')
    const heard = report(state, { type: 'session_described', quiet: true, observed: null })
    expect(changesIn(heard.frames)).toEqual([{ observed: null }])
    expect(summaryOf(heard.state).observed).toBeUndefined()
  })
})
