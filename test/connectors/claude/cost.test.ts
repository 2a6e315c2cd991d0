import { describe, expect, test } from 'bun:test'
import { newContext } from '../../../src/connectors/claude/translate/context.ts'
import { claudeEvents } from '../../../src/connectors/claude/translate.ts'
import type { SessionState } from '../../../src/session/state.ts'
import { summaryOf } from '../../../src/session/view.ts'
import { report } from '../../session/history.ts'
import { aDirectSession, NOW, SESSION_ID } from '../../support/builders.ts'
import { replay, saidIn } from './replay.ts'

/** What the session costs after a process whose words were recorded; each has a memory of its own. */
function after(state: SessionState, recording: string): SessionState {
  const context = newContext(SESSION_ID, () => NOW)
  return report(state, ...saidIn(recording).flatMap((line) => claudeEvents(line, context))).state
}

const costOf = (state: SessionState) => summaryOf(state).cost_usd
const ONE_ANSWER = { '2.1.197': 0.004162, '2.1.329': 0.003125 }

describe('the cost of a session', () => {
  test('is what the CLI has counted, with what its subagents cost', () => {
    expect(costOf(replay('simple').state)).toBe(0.012311)
    expect(costOf(replay('v329-simple').state)).toBe(0.009234)
    expect(costOf(replay('v329-agent').state)).toBe(0.015064)
  })

  test('goes on when a process resumes the conversation: 2.1.197 begins its count at 0 again, 2.1.329 does not', () => {
    const older = after(after(aDirectSession(), 'resume1'), 'resume2')
    expect(costOf(older)).toBe(2 * ONE_ANSWER['2.1.197'])
    const newer = after(after(aDirectSession(), 'v329-resume1'), 'v329-resume2')
    expect(costOf(newer)).toBe(2 * ONE_ANSWER['2.1.329'])
  })

  test.each([
    ['of the process, which may begin anew', false, [0.5, 0.25, 0.25, 0.5]],
    ['of the conversation, which may be another one', true, [null, 0.25, 0.25, 0.75]],
  ])('goes on with a count %s', (_, countsOn, added) => {
    const context = { ...newContext(SESSION_ID, () => NOW), countsOn }
    const told = [
      ['one', 0.5],
      ['one', 0.75],
      ['one', 0.75],
      ['two', 0.25],
      ['three', 0.75],
    ] as const
    const costs = told.flatMap(([session_id, total_cost_usd]) =>
      claudeEvents(
        { kind: 'result', body: { type: 'result', subtype: 'success', session_id, total_cost_usd } },
        context,
      ),
    )
    const amounts = costs.flatMap((event) => (event.type === 'cost_reported' ? [event] : []))
    expect(amounts.map((event) => ('addedUsd' in event ? event.addedUsd : null))).toEqual(added)
  })

  test('counts a turn that a person has cut short', () => {
    const context = newContext(SESSION_ID, () => NOW)
    context.abandoned = true
    expect(claudeEvents({ kind: 'result', body: { type: 'result', total_cost_usd: 0.5 } }, context)).toEqual([
      { type: 'cost_reported', addedUsd: 0.5 },
    ])
  })

  test('is not known as long as nothing is told', () => {
    expect(costOf(replay('init').state)).toBeUndefined()
  })
})
