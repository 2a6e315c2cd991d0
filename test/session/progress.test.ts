import { describe, expect, test } from 'bun:test'
import type { TaskChange, TaskReport } from '../../src/lib/claude-tasks.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { PLAN_STEPS_MAX } from '../../src/session/limits.ts'
import { summaryOf } from '../../src/session/view.ts'
import { aSession, aWorkingSession, SESSION_ID } from '../support/builders.ts'
import { changesIn, report } from './history.ts'

const tokens = { input_tokens: 5, output_tokens: 6, cached_tokens: 2, context_window: 1000 }

describe('what a turn costs and makes', () => {
  test('PR1 counters are replaced, stored, and told to the list', () => {
    const { listFrames, rows } = report(aSession({ inputTokens: 99 }), { type: 'tokens_reported', tokens })
    expect(listFrames).toEqual([{ type: 'tokens_updated', session_id: SESSION_ID, usage: tokens }])
    expect(rows).toEqual([
      { table: 'sessions', put: { inputTokens: 5, outputTokens: 6, cachedTokens: 2, contextWindow: 1000 } },
    ])
  })
  test('PR1 the same counters again are no news', () => {
    expect(
      report(aSession(), { type: 'tokens_reported', tokens }, { type: 'tokens_reported', tokens }).effects,
    ).toEqual([])
  })
  test('PR4 a total of the cost replaces, what has come to it is added, and both are told', () => {
    const added = [0.1, 0.2].map((addedUsd) => ({ type: 'cost_reported', addedUsd }) as const)
    const before = report(aSession(), ...added)
    expect(changesIn(before.listFrames)).toEqual([{ cost_usd: 0.3 }])
    const { listFrames, rows } = report(before.state, { type: 'cost_reported', totalUsd: 0.5 })
    expect(changesIn(listFrames)).toEqual([{ cost_usd: 0.5 }])
    expect(rows).toEqual([{ table: 'sessions', put: { costUsd: 0.5 } }])
  })
  test('PR4 a lower total is one that a killed agent had no time to note', () => {
    const events = [0.5, 0.2].map((totalUsd) => ({ type: 'cost_reported', totalUsd }) as const)
    expect(report(aSession(), ...events).state.costUsd).toBe(0.5)
  })
  test('PR4 a cost that nobody has told is not shown, and one of 0 is', () => {
    expect(summaryOf(aSession()).cost_usd).toBeUndefined()
    expect(summaryOf(report(aSession(), { type: 'cost_reported', totalUsd: 0 }).state).cost_usd).toBe(0)
  })
  test('PR2 the diff and the plan are for followers, not for the list: H17', () => {
    const plan = '[{"step":"a","status":"pending"}]'
    const { frames, listFrames, rows } = report(
      aWorkingSession(),
      { type: 'diff_reported', diff: 'D1' },
      { type: 'plan_reported', plan },
    )
    expect(changesIn(frames)).toEqual([{ current_plan: plan }])
    expect(listFrames).toEqual([])
    expect(rows).toMatchObject([{ put: { currentPlan: plan } }])
  })
})

describe('PR3 the tasks of an agent are the steps of the plan', () => {
  const changed = (change: TaskChange, toolUseId: string | null = null) =>
    ({ type: 'plan_changed', change, toolUseId }) as const
  const one = (id: string, subject: string | null, status: TaskReport['status'] = null, toolUseId?: string) =>
    changed({ kind: 'one', task: { id, subject, status } }, toolUseId)
  const stepsAfter = (...events: readonly SessionEvent[]) =>
    JSON.parse(report(aWorkingSession(), ...events).state.currentPlan ?? 'null')

  test('new, renamed, in progress, done', () => {
    const two = [one('1', 'Test'), one('2', 'Fix')]
    expect(stepsAfter(...two, one('1', null, 'inProgress'), one('2', 'Fix it'))).toEqual([
      { step: 'Test', status: 'inProgress', id: '1' },
      { step: 'Fix it', status: 'pending', id: '2' },
    ])
    expect(stepsAfter(...two, one('1', null, 'completed'))[0]).toMatchObject({ step: 'Test', status: 'completed' })
  })
  test('removed, until nothing is left', () => {
    expect(stepsAfter(one('1', 'Test'), one('2', 'Fix'), one('1', null, 'removed'))).toMatchObject([{ step: 'Fix' }])
    expect(stepsAfter(one('1', 'Test'), one('1', null, 'removed'))).toBeNull()
    expect(stepsAfter(one('1', 'Test'), one('9', null, 'removed'))).toMatchObject([{ step: 'Test' }])
  })
  test('a change that outran the beginning keeps what it said', () => {
    const early = one('1', null, 'completed')
    expect(stepsAfter(early)).toEqual([{ step: 'Task 1', status: 'completed', id: '1' }])
    expect(stepsAfter(early, one('1', 'Test'))).toEqual([{ step: 'Test', status: 'completed', id: '1' }])
  })
  test('the whole list takes the place of what was there', () => {
    const all: TaskChange = { kind: 'all', tasks: [{ id: '2', subject: 'Fix', status: 'inProgress' }] }
    expect(stepsAfter(one('1', 'Test'), changed(all))).toEqual([{ step: 'Fix', status: 'inProgress', id: '2' }])
  })
  test('a list of steps without ids gives way', () => {
    const plan = '[{"step":"a","status":"pending"}]'
    expect(stepsAfter({ type: 'plan_reported', plan }, one('1', 'Test'))).toMatchObject([{ step: 'Test' }])
  })
  test('a call that the transcript tells after the hooks does not take the plan back', () => {
    const began = one('1', null, 'inProgress', 't-1')
    expect(stepsAfter(one('1', 'Test'), began, one('1', null, 'completed', 't-2'), began)).toMatchObject([
      { status: 'completed' },
    ])
  })
  test('has a bounded number of steps', () => {
    const tasks = Array.from({ length: PLAN_STEPS_MAX + 1 }, (_, index) => one(String(index), 'Test'))
    expect(stepsAfter(...tasks)).toHaveLength(PLAN_STEPS_MAX)
  })
})
