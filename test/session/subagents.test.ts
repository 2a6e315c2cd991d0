import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { SubagentInfo } from '../../src/protocol/model/session.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { LATE_EVENT_MS, SUBAGENTS_MAX } from '../../src/session/limits.ts'
import type { SessionState, Subagent } from '../../src/session/state.ts'
import { transition } from '../../src/session/transition.ts'
import { snapshotOf } from '../../src/session/view.ts'
import {
  anApproval,
  approvalRequested,
  aSession,
  aSubagent,
  aWorkingSession,
  NOW,
  start,
  toolFinished,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { anyHistory } from './any-input.ts'
import { framesOf, report, runAt } from './history.ts'

const started = (agentId: string, over: object = {}) =>
  ({ type: 'subagent_started', agentId, agentType: 'Explore', ...over }) as const
const stopped = (agentId: string, over: object = {}) =>
  ({ type: 'subagent_stopped', agentId, agentType: 'Explore', transcriptPath: '/t.jsonl', ...over }) as const
const launch = (toolUseId: string, input: object = { description: 'Look around' }, agentId: string | null = null) =>
  toolStarted({ toolUseId, name: 'Agent', input: JSON.stringify(input), agentId })
const launched = (toolUseId: string, over: object = {}) => toolFinished({ toolUseId, name: 'Agent', ...over })
const later = (state: SessionState, ms: number, event: SessionEvent) => runAt(NOW + ms, state, { from: 'agent', event })
const idsOfRunning = ({ subagents }: SessionState) =>
  subagents.filter(({ endedAt }) => endedAt === null).map(({ id }) => id)

describe('subagents', () => {
  test('SU1 they are stored, told and shown with their times', () => {
    const { state, rows, frames } = report(aWorkingSession(), started('a'))
    expect(rows).toContainEqual({ table: 'subagents', put: aSubagent() })
    const shown = {
      id: 'a',
      agent_type: 'Explore',
      started_at: '1771668000Z',
      status: 'running' as const,
      background: false,
      tool_count: 0,
    }
    expect(framesOf(frames, 'subagent_updated').map(({ subagent }) => subagent)).toEqual([shown])
    expect(snapshotOf(state, [], 1).subagents).toEqual([shown])
  })
  test('SU1 the list does not hear of them', () => {
    const { listFrames } = report(aWorkingSession(), started('a'))
    expect(framesOf(listFrames, 'subagent_updated')).toEqual([])
  })
  test('SU1 the one that started last and still runs is the active one', () => {
    const two = report(aWorkingSession(), started('a'), started('b', { agentType: null })).state
    expect(two).toMatchObject({ activeSubagentId: 'b', activeSubagentType: 'unknown' })
    const one = report(two, stopped('b', { agentType: null, lastMessage: ' Nothing found. ' })).state
    expect(one).toMatchObject({
      activeSubagentId: 'a',
      subagents: [
        { id: 'a' },
        { id: 'b', transcriptPath: '/t.jsonl', endedAt: NOW, outcome: 'completed', lastMessage: 'Nothing found.' },
      ],
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
    expect(report(aSession(), stopped('a', { agentType: '' }))).toMatchObject({ effects: [] })
    expect(report(aSession(), stopped('a')).state.subagents).toMatchObject([{ id: 'a', endedAt: NOW }])
  })
})

describe('the call that started a subagent', () => {
  test('SU5 is the only one that is open', () => {
    const { state } = report(aWorkingSession(), launch('t-1'), started('a'))
    expect(state.subagents).toMatchObject([{ toolUseId: 't-1', description: 'Look around', parentId: null }])
  })
  test('SU5 is not guessed where there are two, and told later', () => {
    const two = report(aWorkingSession(), launch('t-1'), launch('t-2'), started('a'), started('b')).state
    expect(two.subagents).toMatchObject([{ toolUseId: null }, { toolUseId: null }])
    const { state } = report(two, started('a', { toolUseId: 't-2' }), started('b', { toolUseId: 't-1' }))
    expect(state.subagents).toMatchObject([{ toolUseId: 't-2' }, { toolUseId: 't-1', description: 'Look around' }])
  })
  test('SU5 names the parent of a subagent that a subagent started', () => {
    const { state } = report(
      aWorkingSession(),
      launch('t-1'),
      started('a'),
      launch('t-2', { description: 'Deeper' }, 'a'),
      started('b'),
    )
    expect(state.subagents[1]).toMatchObject({ toolUseId: 't-2', parentId: 'a', description: 'Deeper' })
  })
  test('SU6 ends it with its result', () => {
    const running = report(aWorkingSession(), launch('t-1'), started('a')).state
    expect(report(running, launched('t-1')).state.subagents).toMatchObject([{ endedAt: NOW, outcome: 'completed' }])
    expect(report(running, launched('t-1', { isError: true })).state.subagents).toMatchObject([{ outcome: 'failed' }])
  })
})

describe('the end of a subagent', () => {
  const inBackground = report(
    aWorkingSession(),
    launch('t-1', { run_in_background: true }),
    started('a'),
    launched('t-1'),
    started('b', { agentType: 'Plan' }),
  ).state

  test('SU6 one in the background goes on when its call and the turn are over', () => {
    const { state } = report(inBackground, turnCompleted({ background: true, subagents: ['a'] }))
    expect(idsOfRunning(state)).toEqual(['a'])
    expect(state.phase.name).toBe('working')
    expect(idsOfRunning(report(inBackground, { type: 'turn_aborted', reason: 'interrupted' }).state)).toEqual(['a'])
  })
  test('SU6 the list of those that go on ends the others', () => {
    expect(idsOfRunning(report(inBackground, turnCompleted({ subagents: [] })).state)).toEqual([])
  })
  test.each([
    ['the end of the session', { type: 'session_ended', reason: 'other' }],
    ['a new start of the agent', start({ source: 'resume' })],
  ] satisfies [string, SessionEvent][])('SU6 %s ends all of them', (_, event) => {
    const { state, rows } = report(inBackground, event)
    expect(state.subagents).toMatchObject([{ outcome: 'stopped' }, { outcome: 'stopped' }])
    expect(rows.filter(({ table }) => table === 'subagents')).toHaveLength(2)
  })
  test('SU7 a late report does not wake it, a new one does', () => {
    const ended = report(aWorkingSession(), started('a'), stopped('a')).state
    expect(idsOfRunning(later(ended, LATE_EVENT_MS, started('a')).state)).toEqual([])
    expect(idsOfRunning(later(ended, LATE_EVENT_MS + 1, started('a')).state)).toEqual(['a'])
  })
  test('SU7 one that somebody writes to goes on at once, in the background', () => {
    const ended = report(aWorkingSession(), started('a'), stopped('a', { outcome: 'failed' })).state
    const { state } = report(ended, { type: 'subagent_resumed', agentId: 'a' })
    expect(state.subagents).toMatchObject([{ endedAt: null, outcome: null, background: true }])
    const outdated = { type: 'subagent_resumed', agentId: 'a', at: NOW - 1 } as const
    expect(idsOfRunning(report(ended, outdated, { type: 'subagent_resumed', agentId: 'b' }).state)).toEqual([])
  })
  test('SU7 that it did not complete is told by one source, not by all', () => {
    const failed = report(aWorkingSession(), started('a'), stopped('a', { outcome: 'failed' })).state
    expect(report(failed, stopped('a', { outcome: 'completed' })).state.subagents).toMatchObject([
      { outcome: 'failed' },
    ])
  })
  test('SU7 how it ended may be told later than when', () => {
    const ended = report(aWorkingSession(), started('a'), stopped('a')).state
    const how = stopped('a', { outcome: 'failed', lastMessage: 'No.' })
    expect(later(ended, 500, how).state.subagents).toMatchObject([
      { endedAt: NOW, outcome: 'failed', lastMessage: 'No.' },
    ])
  })
})

describe('what a subagent does', () => {
  test('SU8 its calls are counted once, whether they begin or only end', () => {
    const inside = toolStarted({ toolUseId: 't-1', name: 'Bash', agentId: 'a' })
    const { state } = report(
      aWorkingSession(),
      started('a'),
      inside,
      inside,
      toolFinished({ toolUseId: 't-1', name: 'Bash', agentId: 'a' }),
      toolFinished({ toolUseId: 't-2', name: 'Read', agentId: 'a' }),
    )
    expect(state.subagents).toMatchObject([{ toolCount: 2, lastTool: 'Read' }])
  })
  test('SU8 a request says who asks', () => {
    const { frames } = report(aWorkingSession(), started('a'), approvalRequested({ agentId: 'a' }))
    expect(framesOf(frames, 'approval_requested').at(-1)?.request).toMatchObject({
      subagent_id: 'a',
      subagent_type: 'Explore',
    })
  })
})

test('SU1 whoever hears or stores only the changes knows them all, in every history', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      let [state, now] = [aSession(), NOW]
      const [told, stored] = [new Map<string, SubagentInfo>(), new Map<string, Subagent>()]
      for (const { input, gapMs } of history) {
        now += gapMs
        const [next, effects] = transition(state, input, now)
        state = next
        for (const effect of effects) {
          if (effect.to === 'clients' && effect.frame.type === 'subagent_updated')
            told.set(effect.frame.subagent.id, effect.frame.subagent)
          if (effect.to === 'store' && effect.row.table === 'subagents') stored.set(effect.row.put.id, effect.row.put)
        }
        expect([...told.values()]).toEqual([...(snapshotOf(state, [], 1).subagents ?? [])])
        expect([...stored.values()]).toEqual([...state.subagents])
      }
    }),
  )
})
