import { describe, expect, test } from 'bun:test'
import { COMPACTED } from '../../src/session/conversation.ts'
import { COMPACTION_ECHO_MS } from '../../src/session/limits.ts'
import { workStatus } from '../../src/session/view.ts'
import { aDirectSession, aMessage, aSession, aWorkingSession, NOW, SESSION_ID, send } from '../support/builders.ts'
import { ask, framesOf, report, runAt } from './history.ts'

describe('the context', () => {
  const full = aWorkingSession({ inputTokens: 900, outputTokens: 50, cachedTokens: 800, contextWindow: 1000 })

  test('CX1 a compaction counts, is a row, and empties the counters: F-07, F-08', () => {
    const { state, frames } = report(full, { type: 'compaction_started' }, { type: 'context_compacted' })
    expect(state.compactCount).toBe(1)
    expect(framesOf(frames, 'context_compacted')).toHaveLength(1)
    expect(framesOf(frames, 'tokens_updated')).toMatchObject([
      { usage: { input_tokens: 0, output_tokens: 50, cached_tokens: 0, context_window: 1000 } },
    ])
    expect(framesOf(frames, 'message_appended')).toMatchObject([
      { message: { message_type: 'assistant', is_error: false } },
    ])
    expect(workStatus(state)).toBe('working')
  })
  test('CX4 an agent that compacts is at work', () => {
    expect(workStatus(report(aSession(), { type: 'compaction_started' }).state)).toBe('working')
  })
  test('CX1 a second report of it is the same compaction, a later one is another', () => {
    const compacted = { from: 'agent', event: { type: 'context_compacted' } } as const
    expect(runAt(NOW, full, compacted, compacted).state.compactCount).toBe(1)
    const first = runAt(NOW, full, compacted).state
    expect(runAt(NOW + COMPACTION_ECHO_MS, first, compacted).state.compactCount).toBe(2)
  })
  test('CX1 a transcript gives the row its id and time, and knows it again', () => {
    const row = { id: `${SESSION_ID}:c1`, timestamp: '2026-11-21T02:00:00.000Z' }
    const told = { from: 'agent', event: { type: 'context_compacted', row } } as const
    const first = runAt(NOW, full, told)
    expect(framesOf(first.frames, 'message_appended')).toMatchObject([{ message: row }])
    expect(runAt(NOW + COMPACTION_ECHO_MS, first.state, told).state.compactCount).toBe(1)
    expect(runAt(NOW + 1, first.state, { from: 'agent', event: { type: 'context_compacted' } }).frames).toEqual([])
  })
  test('CX1 what hooks told is not told again by a transcript that is read later', () => {
    const { state } = report(full, { type: 'context_compacted' })
    const message = aMessage({ id: `${SESSION_ID}:c1`, content: COMPACTED })
    expect(framesOf(report(state, { type: 'message_reported', message }).frames, 'message_appended')).toEqual([])
    expect(framesOf(report(full, { type: 'message_reported', message }).frames, 'message_appended')).toHaveLength(1)
  })
  test('CX1 where a transcript is read, the row waits for its place there', () => {
    const hook = { type: 'context_compacted', transcribed: true } as const
    const waiting = report(full, hook)
    expect(waiting.frames).toEqual([])
    const row = { id: `${SESSION_ID}:c1`, timestamp: '2026-11-21T02:00:00.000Z' }
    const told = report(waiting.state, { type: 'context_compacted', row })
    expect(framesOf(told.frames, 'message_appended')).toMatchObject([{ message: row }])
    expect(report(told.state, { type: 'rows_due' }).frames).toEqual([])
    const due = report(waiting.state, { type: 'rows_due' })
    expect(framesOf(due.frames, 'message_appended')).toMatchObject([{ message: { content: COMPACTED } }])
    expect(report(due.state, { type: 'rows_due' }).frames).toEqual([])
  })
  test('CX1 a hook that comes after the transcript of the past was read tells nothing new', () => {
    const message = aMessage({ id: `${SESSION_ID}:c1`, content: COMPACTED })
    const { state } = report(full, { type: 'message_reported', message })
    expect(report(state, { type: 'context_compacted' }).frames).toEqual([])
  })
  test('CX2 an undo is work until it is done', () => {
    const undoing = report(aDirectSession(), { type: 'undo_started', message: null })
    expect(workStatus(undoing.state)).toBe('working')
    expect(framesOf(undoing.frames, 'undo_started')).toHaveLength(1)
    const { state, frames } = report(undoing.state, { type: 'undo_completed', success: true, message: 'Reverted.' })
    expect(workStatus(state)).toBe('waiting')
    expect(framesOf(frames, 'undo_completed')).toMatchObject([{ success: true, message: 'Reverted.' }])
  })
  test('CX2 a rollback leaves the session waiting', () => {
    const noted = aWorkingSession({ attention: 'permission' })
    const { state, frames } = report(noted, { type: 'thread_rolled_back', turns: 2 })
    expect(workStatus(state)).toBe('waiting')
    expect(framesOf(frames, 'thread_rolled_back')).toMatchObject([{ num_turns: 2 }])
  })
  test('CX2 a prompt that was sent during an undo goes out behind it', () => {
    const undoing = report(aDirectSession(), { type: 'undo_started', message: null })
    const queued = ask(undoing.state, send('Wait'))
    expect(queued.actions).toEqual([])
    const { effects } = report(queued.state, { type: 'undo_completed', success: true, message: null })
    expect(effects).toContainEqual({ to: 'agent', action: expect.objectContaining({ do: 'send', content: 'Wait' }) })
  })
  test('CX5 a row says that turns were taken back, at a place that is new', () => {
    const said = aDirectSession({ nextSequence: 9, lastMessage: 'Done.' })
    const event = { type: 'turns_dropped', from: 4, lastMessage: 'Hello.', notice: 'Taken back.' } as const
    const { state, rows } = report(said, event)
    expect(rows).toMatchObject([
      { table: 'sessions', put: { lastMessage: 'Hello.', nextSequence: 10 } },
      { table: 'history', removeFrom: 4 },
      { table: 'messages', put: { content: 'Taken back.' }, sequence: 9 },
    ])
    expect(state.lastMessage).toBe('Hello.')
  })
  test('CX6 a history that was copied has its places', () => {
    const copied = { sessionId: 'source', before: 7, firstPrompt: 'One', lastMessage: 'Two', prompts: 3 }
    const { state, rows } = report(aDirectSession(), { type: 'history_copied', ...copied })
    expect(state).toMatchObject({ nextSequence: 7, firstPrompt: 'One', lastMessage: 'Two', promptCount: 3 })
    expect(rows).toContainEqual({ table: 'history', copy: { sessionId: 'source', before: 7 } })
  })
  test('CX3 what could not be done is a row that everybody sees: the original’s fault B-86 only logged it', () => {
    const { state, frames } = report(aWorkingSession(), { type: 'action_failed', message: 'The agent did not answer.' })
    expect(framesOf(frames, 'message_appended')).toMatchObject([{ message: { is_error: true } }])
    expect(workStatus(state)).toBe('working')
  })
})
