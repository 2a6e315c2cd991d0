import { describe, expect, test } from 'bun:test'
import type { SessionEvent } from '../../src/session/events.ts'
import { LATE_EVENT_MS } from '../../src/session/limits.ts'
import { workStatus } from '../../src/session/view.ts'
import {
  aDirectSession,
  anEndedSession,
  anUnlistedSession,
  approvalRequested,
  aSession,
  aWorkingSession,
  awaitingApproval,
  ended,
  NOW,
  prompt,
  reported,
  SESSION_ID,
  start,
  toolFinished,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { changesIn, framesOf, report, runAt } from './history.ts'

const later = (ms: number, state: Parameters<typeof report>[0], event: SessionEvent) =>
  runAt(NOW + ms, state, { from: 'agent', event })

describe('a session that has not shown life', () => {
  test('LI1 a start lists nothing and is stored as a pending start', () => {
    const { state, frames, listFrames, rows } = report(
      anUnlistedSession(),
      start({ model: 'opus', terminalApp: 'kitty' }),
    )
    expect(state).toMatchObject({ listed: false, startPending: true, projectPath: '/proj', model: 'opus' })
    expect([...frames, ...listFrames]).toEqual([])
    expect(rows).toMatchObject([{ table: 'pending_starts', at: NOW }])
  })
  test('LI1 what is stored of a start describes it again after a crash', () => {
    const { state, rows } = report(anUnlistedSession(), start({ model: 'opus', permissionMode: 'plan' }))
    const [row] = rows
    const facts = row?.table === 'pending_starts' ? JSON.parse(row.put ?? '') : undefined
    const again = report(anUnlistedSession(), { ...facts, type: 'session_described', quiet: true })
    expect(again.state).toEqual(state)
  })
  test('LI2 its end forgets it', () => {
    const { state, frames, listFrames, rows } = report(anUnlistedSession(), start(), ended())
    expect(state).toEqual(anUnlistedSession())
    expect([...frames, ...listFrames]).toEqual([])
    expect(rows).toEqual([{ table: 'pending_starts', put: null, at: NOW }])
  })
  test('LI3 its first prompt lists it as waiting and then counts; the original’s fault B-20 lost what the start told', () => {
    const { listFrames, rows } = report(anUnlistedSession(), start({ model: 'opus' }), prompt())
    expect(listFrames.map(({ type }) => type)).toEqual(['session_created', 'session_delta'])
    expect(listFrames[0]).toMatchObject({
      session: { id: SESSION_ID, project_path: '/proj', model: 'opus', status: 'active', work_status: 'waiting' },
    })
    expect(listFrames[1]).toMatchObject({ changes: { work_status: 'working', first_prompt: 'Fix the login bug' } })
    expect(rows[0]).toMatchObject({ table: 'sessions', put: { projectPath: '/proj', model: 'opus', status: 'active' } })
    expect(rows).toContainEqual({ table: 'pending_starts', put: null, at: NOW })
  })
  test('LI3 a description that is not quiet lists it with what it tells', () => {
    const { listFrames } = report(anUnlistedSession(), { type: 'session_described', quiet: false, cwd: '/proj' })
    expect(listFrames).toMatchObject([
      { type: 'session_created', session: { project_path: '/proj', project_name: 'proj' } },
    ])
  })
  test('LI3 a stop without a directory lists it at an unknown place', () => {
    const { listFrames } = report(anUnlistedSession(), { type: 'session_described', quiet: false }, turnCompleted())
    expect(listFrames).toMatchObject([{ type: 'session_created', session: { project_path: '/unknown' } }])
  })
  test('LI4 a model, a branch or a counter lists nothing and is remembered', () => {
    const tokens = { input_tokens: 1, output_tokens: 2, cached_tokens: 3, context_window: 4 }
    const { state, effects } = report(
      anUnlistedSession(),
      { type: 'model_reported', model: 'opus' },
      { type: 'environment_reported', gitBranch: 'main' },
      { type: 'tokens_reported', tokens },
    )
    expect(state).toMatchObject({ listed: false, model: 'opus', gitBranch: 'main', inputTokens: 1 })
    expect(effects).toEqual([])
  })
  test('LI5 a subagent lists nothing where no directory is known', () => {
    const started = { type: 'subagent_started', agentId: 'a', agentType: 'Explore' } as const
    expect(report(anUnlistedSession(), started)).toMatchObject({ state: { listed: false }, effects: [] })
    expect(report(anUnlistedSession(), start(), started).state.listed).toBe(true)
  })
})

describe('what a session tells about itself', () => {
  test('LI6 a key that is absent keeps its value: the original’s fault B-24 overwrote the transcript path', () => {
    const known = aSession({ model: 'opus', transcriptPath: '/t.jsonl' })
    const { state } = report(known, start({ source: 'resume' }))
    expect(state).toMatchObject({ model: 'opus', transcriptPath: '/t.jsonl', source: 'resume' })
  })
  test('LI6 the project stays where the session was first seen', () => {
    const { state } = report(aSession(), start({ cwd: '/elsewhere', source: 'resume' }))
    expect(state).toMatchObject({ projectPath: '/proj', currentCwd: '/elsewhere' })
  })
  test('LI6 a description of a listed session writes no pending start', () => {
    expect(report(aSession(), start({ model: 'opus' })).rows).toEqual([
      { table: 'sessions', put: { model: 'opus', source: 'startup' } },
    ])
  })
})

describe('the end of a session', () => {
  test('LI7 the end is a delta, a stored row and a frame with the reason; the fault B-04 left it active', () => {
    const { state, frames, rows } = report(aWorkingSession({ integrationMode: 'direct' }), ended('logout'))
    expect(state.phase).toEqual({ name: 'ended', reason: 'logout' })
    expect(changesIn(frames)).toMatchObject([{ status: 'ended', work_status: 'ended', current_turn_id: null }])
    expect(frames.at(-1)).toEqual({ type: 'session_ended', session_id: SESSION_ID, reason: 'logout' })
    expect(rows[0]).toMatchObject({
      put: { status: 'ended', workStatus: 'ended', endReason: 'logout', endedAt: NOW },
    })
  })
  test('LI7 everything that waited is taken back', () => {
    const { state, actions, rows } = report(awaitingApproval('req-1', 'req-2'), ended())
    expect(state.approvals).toEqual([])
    expect(actions).toEqual([
      { do: 'release', eventId: 'event-1' },
      { do: 'release', eventId: 'event-2' },
    ])
    expect(rows).toContainEqual({
      table: 'approvals',
      decide: { requestId: 'req-1', decision: 'session_ended', at: NOW },
    })
  })
  test('LI7 a second end keeps the reason of the first: the original’s fault B-37', () => {
    const first = report(aDirectSession(), ended('user_requested')).state
    expect(report(first, ended('shutdown'))).toMatchObject({ state: first, effects: [] })
  })
})

describe('a session that has ended', () => {
  test('LI8 a prompt wakes it, the whole row first; the fault B-25 kept its end', () => {
    const { state, listFrames, rows } = report(anEndedSession(), prompt('again'))
    expect(listFrames.map(({ type }) => type)).toEqual(['session_created', 'session_delta', 'session_delta'])
    expect(listFrames[0]).toMatchObject({ session: { status: 'active', work_status: 'waiting' } })
    expect(listFrames[1]).toMatchObject({ changes: { status: 'active' } })
    expect(listFrames[2]).toMatchObject({ changes: { work_status: 'working' } })
    expect(state).toMatchObject({ phase: { name: 'working' }, endedAt: null })
    expect(rows[0]).toMatchObject({ put: { status: 'active', endedAt: null, endReason: null } })
  })
  test('LI8 a start wakes it, a mere description does not', () => {
    expect(report(anEndedSession(), start({ source: 'resume' })).state.phase).toEqual({ name: 'idle' })
    const described = report(anEndedSession(), { type: 'session_described', quiet: false, cwd: '/proj', model: 'opus' })
    expect(described.state).toMatchObject({ phase: { name: 'ended' }, model: 'opus' })
  })
  test.each([toolStarted(), toolFinished(), turnCompleted(), { type: 'turn_started' } as const])(
    'LI8 $type wakes it only when it is too late to be merely late',
    (event) => {
      expect(later(LATE_EVENT_MS, anEndedSession(), event).state.phase.name).toBe('ended')
      expect(later(LATE_EVENT_MS + 1, anEndedSession(), event).state.phase.name).not.toBe('ended')
    },
  )
  test.each([
    reported({ content: 'Bye.' }),
    { type: 'message_changed', id: `${SESSION_ID}:tool-1`, toolOutput: 'a.txt', isError: false } as const,
    { type: 'tools_settled', toolUseIds: ['tool-1'] } as const,
    { type: 'turn_aborted', reason: 'interrupted' } as const,
    { type: 'context_compacted', row: { id: `${SESSION_ID}:c`, timestamp: '0' } } as const,
  ])('LI8 $type, as a transcript tells it, never wakes it: it may be read at any time', (event) => {
    expect(later(LATE_EVENT_MS + 1, anEndedSession(), event).state.phase.name).toBe('ended')
  })
  test('LI9 a row that was still being written is filed', () => {
    const { state, frames } = report(anEndedSession(), reported({ content: 'Bye.' }))
    expect(framesOf(frames, 'message_appended')).toMatchObject([{ message: { content: 'Bye.' } }])
    expect(workStatus(state)).toBe('ended')
    expect(state.lastActivityAt).toBe(NOW)
  })
  test('LI9 a late result joins its row, a late failure is told, neither moves the status', () => {
    const open = report(aWorkingSession(), toolStarted(), ended()).state
    const finished = report(open, toolFinished())
    expect(framesOf(finished.frames, 'message_updated')).toMatchObject([{ changes: { tool_output: 'a.txt' } }])
    const failed = report(finished.state, { type: 'turn_failed', code: 'server_error', message: 'API Error: 500' })
    expect(framesOf(failed.frames, 'message_appended')).toMatchObject([{ message: { is_error: true } }])
    expect(workStatus(failed.state)).toBe('ended')
  })
  test('LI9 a request that comes too late lets its hook go', () => {
    const { state, actions } = report(anEndedSession(), approvalRequested({ eventId: 'event-9' }))
    expect(state.approvals).toEqual([])
    expect(actions).toEqual([{ do: 'release', eventId: 'event-9' }])
  })
  test('LI10 an agent of our own that is stopping wakes nothing: the original’s fault B-87', () => {
    const stopping = aDirectSession({ phase: { name: 'ended', reason: 'user_requested' }, endedAt: NOW })
    for (const event of [prompt(), toolStarted(), turnCompleted()])
      expect(later(LATE_EVENT_MS * 10, stopping, event)).toMatchObject({ state: stopping, effects: [] })
    expect(report(stopping, start({ source: 'resume' })).state.phase).toEqual({ name: 'idle' })
  })
})
