import { describe, expect, test } from 'bun:test'
import { summaryOf } from '../../src/session/view.ts'
import {
  approvalRequested,
  aSession,
  aWorkingSession,
  NOW,
  prompt,
  reported,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { changesIn, report, runAt } from './history.ts'

describe('what clients and the store hear', () => {
  test('AN1 a change is told and stored together, and nothing else is', () => {
    const { frames, rows } = report(aSession(), { type: 'summary_found', summary: 'Login fix' })
    expect(changesIn(frames)).toEqual([{ summary: 'Login fix' }])
    expect(rows).toEqual([{ table: 'sessions', put: { summary: 'Login fix' } }])
  })
  test('AN1 what changes nothing is neither told nor stored', () => {
    expect(report(aSession({ summary: 'Login fix' }), { type: 'summary_found', summary: 'Login fix' }).effects).toEqual(
      [],
    )
  })
  test('AN2 a new status brings the time of it', () => {
    const { frames } = report(aWorkingSession({ lastActivityAt: NOW }), turnCompleted())
    expect(changesIn(frames)).toMatchObject([{ work_status: 'waiting', last_activity_at: '1771668000Z' }])
  })
  test('AN2 activity alone is told once a second', () => {
    const busy = aWorkingSession({ lastActivityAt: NOW })
    const after = (ms: number) => runAt(NOW + ms, busy, { from: 'agent', event: toolStarted({ toolUseId: null }) })
    expect(after(400).frames).toEqual([])
    expect(changesIn(after(1_000).frames)).toEqual([{ last_activity_at: '1771668001Z' }])
  })
  test('AN3 the list hears of sessions, approvals and counters, not of messages', () => {
    expect(report(aWorkingSession(), toolStarted()).listFrames).toEqual([])
    expect(report(aSession({ lastMessage: 'Done.' }), reported()).listFrames).toEqual([])
    expect(report(aWorkingSession(), approvalRequested()).listFrames.map(({ type }) => type)).toEqual([
      'approval_requested',
      'session_delta',
    ])
  })
  test('AN3 followers hear from which session one was forked, also when that is found out later', () => {
    const forked = { type: 'session_described', quiet: true, forkedFrom: 'od-0' } as const
    const { frames, listFrames } = report(aSession(), forked)
    expect(changesIn(frames)).toEqual([{ forked_from_session_id: 'od-0' }])
    expect(listFrames).toEqual([])
  })
  test('AN5 times are Unix seconds: the original’s fault B-21 and the app’s only dialect', () => {
    const { state } = report(aSession({ startedAt: NOW + 999 }), prompt())
    expect(summaryOf(state)).toMatchObject({ started_at: '1771668000Z', last_activity_at: '1771668000Z' })
  })
  test('AN5 a Claude session that is only watched tells no integration mode, a Codex one does', () => {
    expect(summaryOf(aSession({ integrationMode: 'passive' }))).not.toHaveProperty('claude_integration_mode')
    expect(summaryOf(aSession({ integrationMode: 'direct' }))).toHaveProperty('claude_integration_mode', 'direct')
    const codex = summaryOf(aSession({ provider: 'codex', integrationMode: 'passive' }))
    expect(codex).toHaveProperty('codex_integration_mode', 'passive')
  })
})
