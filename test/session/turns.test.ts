import { describe, expect, test } from 'bun:test'
import { snapshotOf, workStatus } from '../../src/session/view.ts'
import {
  aDirectSession,
  anApproval,
  aSession,
  aWorkingSession,
  awaitingApproval,
  NOW,
  prompt,
  reported,
  SESSION_ID,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { changesIn, framesOf, report } from './history.ts'

describe('the beginning of a turn', () => {
  test('TU1 work opens a turn and says which', () => {
    const { frames } = report(aDirectSession(), { type: 'turn_started' })
    expect(changesIn(frames)).toEqual([
      { work_status: 'working', last_activity_at: '1771668000Z', current_turn_id: 'turn-1', turn_count: 1 },
    ])
  })
  test('TU11 clients count no turns of a Claude session that is only watched', () => {
    const { state, frames } = report(aSession(), { type: 'turn_started' })
    expect(changesIn(frames)).toEqual([{ work_status: 'working', last_activity_at: '1771668000Z' }])
    expect(snapshotOf(state, [], 1)).toMatchObject({ turn_count: 0, current_turn_id: undefined })
    expect(state.turnCount).toBe(1)
  })
  test('TU1 ids go on where the last process stopped: the original’s fault B-11', () => {
    expect(report(aSession({ turnCount: 41 }), prompt()).state.currentTurnId).toBe('turn-42')
  })
  test('TU1 a tool call without a prompt opens one, too', () => {
    expect(report(aSession(), toolStarted()).state).toMatchObject({ currentTurnId: 'turn-1', turnCount: 1 })
  })
  test('TU2 a prompt that is queued during a turn opens no second', () => {
    const { state, frames } = report(aSession(), prompt('one'), prompt('two'))
    expect(state).toMatchObject({ currentTurnId: 'turn-1', turnCount: 1, promptCount: 2 })
    expect(changesIn(frames).filter((changes) => 'current_turn_id' in changes)).toEqual([])
  })
  test('TU3 a prompt of another id ends the turn whose end was never told', () => {
    const interrupted = report(aSession(), prompt('one', 'p-1'), toolStarted(), { type: 'diff_reported', diff: 'D' })
    const { state, frames } = report(interrupted.state, prompt('two', 'p-2'))
    expect(state).toMatchObject({ currentTurnId: 'turn-2', promptId: 'p-2' })
    expect(framesOf(frames, 'turn_diff_snapshot')).toMatchObject([{ turn_id: 'turn-1', diff: 'D' }])
  })
  test('TU3 the id of a prompt is forgotten with its turn', () => {
    const next = report(aSession(), prompt('one', 'p-1'), turnCompleted(), toolStarted()).state
    expect(report(next, prompt('two', 'p-2')).state.currentTurnId).toBe('turn-2')
  })
  test('TU9 a prompt of the machine means work, counts nothing and names nothing', () => {
    for (const event of [prompt(null), prompt('<task-notification>\n<task-id>a</task-id>')])
      expect(report(aSession(), event).state).toMatchObject({
        phase: { name: 'working' },
        promptCount: 0,
        firstPrompt: null,
        lastMessage: null,
      })
  })
  test('TU10 a prompt clears what waited, since the person has moved on', () => {
    const { state, actions } = report(awaitingApproval(), prompt('never mind'))
    expect(workStatus(state)).toBe('working')
    expect(actions).toEqual([{ do: 'release', eventId: 'event-1' }])
    expect(report(aSession({ attention: 'permission' }), prompt()).state.attention).toBeNull()
  })
  test('TU10 what a subagent asks outlives a prompt', () => {
    const approvals = [anApproval({ agentId: 'agent-1' })]
    expect(report(aWorkingSession({ approvals }), prompt()).state.approvals).toEqual(approvals)
  })
})

describe('the end of a turn', () => {
  test('TU4 a completed turn leaves the session waiting and shows what was said last', () => {
    const { state, frames, rows } = report(
      aWorkingSession({ integrationMode: 'direct' }),
      turnCompleted({ lastMessage: 'All done.' }),
    )
    expect(changesIn(frames)).toEqual([
      {
        work_status: 'waiting',
        last_activity_at: '1771668000Z',
        current_turn_id: null,
        last_message: 'All done.',
      },
    ])
    expect(rows).toMatchObject([
      { put: { workStatus: 'waiting', attentionReason: 'awaitingReply', currentTurnId: null } },
    ])
    expect(state.phase).toEqual({ name: 'idle' })
  })
  test('TU4 an open request ends with it: the original’s fault B-06 said waiting and meant permission', () => {
    const { state, frames } = report(awaitingApproval(), turnCompleted())
    expect(workStatus(state)).toBe('waiting')
    expect(changesIn(frames)).toMatchObject([{ work_status: 'waiting', pending_approval: null }])
  })
  test('TU5 work in the background keeps the session working until it is done', () => {
    const background = report(aWorkingSession({ promptId: 'p-1' }), turnCompleted({ background: true }))
    expect(background.state).toMatchObject({ phase: { name: 'working' }, currentTurnId: 'turn-1' })
    const { state } = report(background.state, prompt('<task-notification>', 'p-2'), turnCompleted())
    expect(state).toMatchObject({ phase: { name: 'idle' }, turnCount: 1 })
  })
  test('TU6 an abort ends the turn once: F-21', () => {
    const aborted = { type: 'turn_aborted', reason: 'interrupted' } as const
    const { state, frames } = report(aWorkingSession({ integrationMode: 'direct' }), aborted)
    expect(changesIn(frames)).toMatchObject([{ work_status: 'waiting', current_turn_id: null }])
    expect(report(state, aborted).frames).toEqual([])
  })
  test('TU6 an abort from before the latest prompt is old news', () => {
    const prompted = report(aSession(), prompt()).state
    const { state } = report(prompted, { type: 'turn_aborted', reason: 'interrupted', at: NOW - 1 })
    expect(state).toEqual(prompted)
  })
  test('TU6 a prompt from the spool counts from when it was sent: an abort after that ends its turn', () => {
    const spooled = report(aSession(), { type: 'prompt_submitted', text: 'go', promptId: null, at: NOW - 60_000 }).state
    const { state } = report(spooled, { type: 'turn_aborted', reason: 'interrupted', at: NOW - 30_000 })
    expect(state.phase).toEqual({ name: 'idle' })
  })
  test('TU7 a failed turn ends and says why: the original’s fault B-86 kept the turn and dropped the text', () => {
    const failed = { type: 'turn_failed', code: 'server_error', message: 'API Error: 500' } as const
    const { state, frames } = report(aWorkingSession(), failed)
    expect(framesOf(frames, 'message_appended')).toMatchObject([
      {
        message: { id: `${SESSION_ID}:error:0`, message_type: 'assistant', content: 'API Error: 500', is_error: true },
      },
    ])
    expect(state).toMatchObject({ phase: { name: 'idle' }, currentTurnId: null, lastMessage: 'API Error: 500' })
  })
  test('TU7 the transcript’s row of the same error is no second one, whichever comes first', () => {
    const failed = { type: 'turn_failed', code: 'server_error', message: 'API Error: 500' } as const
    const row = reported({ content: 'API Error: 500', isError: true })
    expect(report(aWorkingSession(), failed, row).state.nextSequence).toBe(1)
    expect(report(aWorkingSession(), row, failed).state.nextSequence).toBe(1)
  })
  test('TU8 what a turn changed becomes its diff, told before the end: H17', () => {
    const tokens = { input_tokens: 5, output_tokens: 6, cached_tokens: 0, context_window: 1000 }
    const { frames, rows, state } = report(
      aWorkingSession(),
      { type: 'diff_reported', diff: 'D1' },
      { type: 'tokens_reported', tokens },
      turnCompleted(),
    )
    expect(frames[0]).toEqual({
      type: 'turn_diff_snapshot',
      session_id: SESSION_ID,
      turn_id: 'turn-1',
      diff: 'D1',
      ...tokens,
    })
    expect(frames[1]).toMatchObject({ changes: { work_status: 'waiting' } })
    expect(rows).toContainEqual({ table: 'turn_diffs', put: { turnId: 'turn-1', diff: 'D1', tokens } })
    expect(state).toMatchObject({ currentDiff: null, turnDiffs: [{ turnId: 'turn-1', diff: 'D1' }] })
  })
  test('TU8 a turn without edits has no diff: the original’s fault B-07 repeated the last one', () => {
    const first = report(aWorkingSession(), { type: 'diff_reported', diff: 'D1' }, turnCompleted()).state
    const { frames, state } = report(first, { type: 'turn_started' }, turnCompleted())
    expect(framesOf(frames, 'turn_diff_snapshot')).toEqual([])
    expect(state.turnDiffs).toHaveLength(1)
  })
})

describe('prompts', () => {
  test('TU10 a prompt that a person wrote counts once', () => {
    expect(report(aSession(), prompt('a'), turnCompleted(), prompt('b')).state.promptCount).toBe(2)
  })
  test('TU10 with an agent of our own the prompt was counted when it was sent: the original’s fault B-31', () => {
    expect(report(aDirectSession({ promptCount: 1 }), prompt('a')).state.promptCount).toBe(1)
  })
})
