import { describe, expect, test } from 'bun:test'
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
