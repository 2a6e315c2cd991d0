import { describe, expect, test } from 'bun:test'
import type { ToldTask } from '../../src/session/events.ts'
import { BACKGROUND_TASKS_MAX, TASK_DESCRIPTION_CHARS_MAX } from '../../src/session/limits.ts'
import { snapshotOf } from '../../src/session/view.ts'
import { aDirectSession, aSession, NOW } from '../support/builders.ts'
import { changesIn, report, runAt } from './history.ts'

const aTask = (id: string, over: Partial<ToldTask> = {}): ToldTask => ({
  id,
  kind: 'shell',
  description: 'Serve the site',
  toolUseId: 'toolu_1',
  ...over,
})
const started = (id: string, over: Partial<ToldTask> = {}) =>
  ({ type: 'background_task_started', task: aTask(id, over) }) as const
const ended = (id: string) => ({ type: 'background_task_ended', id, outcome: 'stopped' }) as const
const listed = (...ids: string[]) =>
  ({ type: 'background_tasks_listed', tasks: ids.map((id) => aTask(id)), gone: 'completed' }) as const

describe('what runs beside the conversation', () => {
  test('BT1 a task is told when it starts and when it ends, to followers and to those who come later', () => {
    const { state, frames, listFrames } = report(aDirectSession(), started('t1'))
    const running = { id: 't1', type: 'shell', description: 'Serve the site', status: 'running' }
    expect(changesIn(frames)).toMatchObject([{ background_tasks: [{ ...running, tool_use_id: 'toolu_1' }] }])
    expect(listFrames).toEqual([])
    const over = runAt(NOW + 5_000, state, { from: 'agent', event: ended('t1') })
    const stopped = { ...running, status: 'stopped', ended_at: `${NOW / 1000 + 5}Z` }
    expect(changesIn(over.frames)).toMatchObject([{ background_tasks: [stopped] }])
    expect(snapshotOf(over.state, [], 1).background_tasks).toMatchObject([stopped])
  })
  test('BT1 a second report of either says nothing new', () => {
    const { state } = report(aDirectSession(), started('t1'))
    expect(report(state, started('t1', { description: 'Again' })).frames).toEqual([])
    const over = report(state, ended('t1')).state
    expect(report(over, ended('t1'), ended('unknown')).frames).toEqual([])
  })
  test('BT2 a list of all that run ends the others', () => {
    const { state } = report(aSession(), listed('t1', 't2'), listed('t2', 't3'))
    expect(state.backgroundTasks.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['t1', 'completed'],
      ['t2', null],
      ['t3', null],
    ])
  })
  test('BT2 a list is no sign of life', () => {
    const over = report(aSession(), { type: 'session_ended', reason: 'x' }).state
    expect(report(over, listed('t1')).effects).toEqual([])
  })
  test('BT3 none outlives a new start of the agent, unless it is listed again, as after a compaction', () => {
    const start = { type: 'session_described', quiet: true, source: 'compact' } as const
    const anew = report(aSession(), listed('t1', 't2'), start)
    expect(anew.state.backgroundTasks).toMatchObject([{ outcome: 'stopped' }, { outcome: 'stopped' }])
    const { state } = report(anew.state, listed('t2'))
    expect(state.backgroundTasks).toMatchObject([{ outcome: 'stopped' }, { outcome: null, endedAt: null }])
  })
  test('BT3 none outlives its session', () => {
    const { state } = report(aDirectSession(), started('t1'), { type: 'session_ended', reason: 'x' })
    expect(state.backgroundTasks).toMatchObject([{ outcome: 'stopped', endedAt: NOW }])
  })
  test('BT4 of many, those that are over are forgotten first, and descriptions are cut', () => {
    const many = Array.from({ length: BACKGROUND_TASKS_MAX }, (_, index) => started(`t${index}`))
    const long = started('last', { description: 'x'.repeat(TASK_DESCRIPTION_CHARS_MAX * 2) })
    const { state } = report(aDirectSession(), ...many, ended('t3'), long)
    expect(state.backgroundTasks).toHaveLength(BACKGROUND_TASKS_MAX)
    expect(state.backgroundTasks.map(({ id }) => id)).not.toContain('t3')
    expect(state.backgroundTasks.at(-1)?.description.length).toBeLessThanOrEqual(TASK_DESCRIPTION_CHARS_MAX)
    expect(report(state, started('more')).state.backgroundTasks.map(({ id }) => id)).not.toContain('t0')
  })
})
