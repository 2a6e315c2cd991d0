import { afterEach, describe, expect, test } from 'bun:test'
import { restore } from '../../src/store/restore.ts'
import { readAbandonedProcesses, readProcesses, readUnattendedTurns } from '../../src/store/session-processes.ts'
import { apply, cleanUp, opened } from './fixtures.ts'

afterEach(cleanUp)

const NOW = Date.parse('2026-02-21T10:00:00Z')

describe('the processes that hold a session', () => {
  test('are remembered by session and process, and forgotten one by one', () => {
    const db = opened()
    for (const pid of [1, 2]) apply(db, 's1', { table: 'processes', put: { pid, start: '100', hostId: 'here' } })
    apply(db, 's2', { table: 'processes', put: { pid: 1, start: null, hostId: 'there' } })
    apply(db, 's1', { table: 'processes', put: { pid: 2, start: '200', hostId: 'here' } })
    apply(db, 's1', { table: 'processes', remove: 1 })
    expect(readProcesses(db)).toEqual([
      { sessionId: 's1', pid: 2, start: '200', hostId: 'here' },
      { sessionId: 's2', pid: 1, start: null, hostId: 'there' },
    ])
  })

  test('are forgotten at the start with the sessions that have ended, and kept with those that have only started', () => {
    const db = opened()
    for (const sessionId of ['active', 'ended', 'started', 'unknown'])
      apply(db, sessionId, { table: 'processes', put: { pid: 1, start: '100', hostId: 'here' } })
    apply(db, 'active', { table: 'sessions', put: { projectPath: '/p', firstPrompt: 'x', promptCount: 1 } })
    apply(db, 'ended', { table: 'sessions', put: { projectPath: '/p', status: 'ended', workStatus: 'ended' } })
    apply(db, 'started', { table: 'pending_starts', put: '{"cwd":"/p"}', at: NOW })
    restore(db, NOW)
    expect(readProcesses(db).map(({ sessionId }) => sessionId)).toEqual(['active', 'started'])
  })

  test('that are agents of ours are kept with their turns until somebody has ended them, and are no others’ business', () => {
    const db = opened()
    const direct = { integrationMode: 'direct', projectPath: '/p', promptCount: 1, firstPrompt: 'x' } as const
    const turn = { workStatus: 'working', currentTurnId: 'turn-2' } as const
    apply(db, 'at work', { table: 'sessions', put: { ...direct, ...turn } })
    apply(db, 'asking', { table: 'sessions', put: { ...direct, ...turn, workStatus: 'permission' } })
    apply(db, 'idle', { table: 'sessions', put: direct })
    apply(db, 'ended', { table: 'sessions', put: { ...direct, status: 'ended', workStatus: 'ended' } })
    for (const sessionId of ['at work', 'asking', 'idle', 'ended'])
      apply(db, sessionId, { table: 'processes', put: { pid: 1, start: '100', hostId: '' } })
    apply(db, 'not begun', { table: 'sessions', put: { ...direct, ...turn } })
    restore(db, NOW)
    expect(readProcesses(db)).toEqual([])
    expect(readUnattendedTurns(db)).toEqual(['not begun'])
    const abandoned = readAbandonedProcesses(db).toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
    expect(abandoned).toEqual(
      ['asking', 'at work', 'ended', 'idle'].map((sessionId) => ({
        sessionId,
        pid: 1,
        start: '100',
        inTurn: sessionId === 'asking' || sessionId === 'at work',
      })),
    )
  })
})
