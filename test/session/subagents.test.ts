import { describe, expect, test } from 'bun:test'
import { SUBAGENTS_MAX } from '../../src/session/limits.ts'
import { snapshotOf } from '../../src/session/view.ts'
import { anApproval, aSession, aWorkingSession, NOW } from '../support/builders.ts'
import { report } from './history.ts'

describe('subagents', () => {
  const started = (agentId: string, agentType: string | null = 'Explore') =>
    ({ type: 'subagent_started', agentId, agentType }) as const
  const stopped = (agentId: string, agentType: string | null = 'Explore') =>
    ({ type: 'subagent_stopped', agentId, agentType, transcriptPath: '/t.jsonl' }) as const

  test('SU1 they are stored and shown with their times', () => {
    const { state, rows } = report(aWorkingSession(), started('a'))
    const subagent = { id: 'a', agentType: 'Explore', transcriptPath: null, startedAt: NOW, endedAt: null }
    expect(rows).toContainEqual({ table: 'subagents', put: subagent })
    expect(snapshotOf(state, [], 1).subagents).toEqual([{ id: 'a', agent_type: 'Explore', started_at: '1771668000Z' }])
  })
  test('SU1 the one that started last and still runs is the active one', () => {
    const two = report(aWorkingSession(), started('a'), started('b', null)).state
    expect(two).toMatchObject({ activeSubagentId: 'b', activeSubagentType: 'unknown' })
    const one = report(two, stopped('b', null)).state
    expect(one).toMatchObject({
      activeSubagentId: 'a',
      subagents: [{ id: 'a' }, { id: 'b', transcriptPath: '/t.jsonl', endedAt: NOW }],
    })
    expect(report(one, stopped('a')).state.activeSubagentId).toBeNull()
  })
  test('SU1 a bounded number of them is remembered', () => {
    const many = Array.from({ length: SUBAGENTS_MAX + 1 }, (_, index) => started(`a-${index}`))
    expect(report(aWorkingSession(), ...many).state.subagents).toHaveLength(SUBAGENTS_MAX)
  })
  test('SU2 the end of one takes back what it asked', () => {
    const asking = aWorkingSession({ approvals: [anApproval({ agentId: 'a' }), anApproval({ requestId: 'req-2' })] })
    expect(report(asking, stopped('a')).state.approvals.map(({ requestId }) => requestId)).toEqual(['req-2'])
  })
  test('SU3 a stop without a start and without a type is nothing: compaction runs so', () => {
    expect(report(aSession(), stopped('a', ''))).toMatchObject({ effects: [] })
    expect(report(aSession(), stopped('a')).state.subagents).toMatchObject([{ id: 'a', endedAt: NOW }])
  })
})
