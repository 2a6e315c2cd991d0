import { describe, expect, test } from 'bun:test'
import type { StoreRow } from '../../src/session/effects.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { ECHO_ROWS_MAX, LIVE_IMAGES_CHARS_MAX, TURN_TOOLS_MAX } from '../../src/session/limits.ts'
import {
  aDirectSession,
  anApproval,
  aSession,
  aToolMessage,
  aWorkingSession,
  NOW,
  prompt,
  reported,
  SESSION_ID,
  send,
  toolFinished,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { ask, changesIn, framesOf, report } from './history.ts'

const row = (id: string, content: string, type: 'user' | 'assistant' = 'assistant') =>
  reported({ id: `${SESSION_ID}:${id}`, content, type })
const toolRow = (over = {}): SessionEvent => ({ type: 'message_reported', message: aToolMessage(over) })

describe('a row that is reported', () => {
  test('ME1 it goes to the end, to the store and to the followers', () => {
    const { state, frames, listFrames, rows } = report(aSession({ nextSequence: 7 }), row('a', 'Hello'))
    expect(framesOf(frames, 'message_appended')).toMatchObject([
      { message: { id: `${SESSION_ID}:a`, content: 'Hello' } },
    ])
    expect(framesOf(listFrames, 'message_appended')).toEqual([])
    expect(rows).toContainEqual(expect.objectContaining({ table: 'messages', sequence: 7 }))
    expect(state.nextSequence).toBe(8)
  })
  test('AN6 a picture that has no room in a frame is stored and left out of it', () => {
    const picture = (length: number) => ({ input_type: 'url', value: 'A'.repeat(length) })
    const images = [picture(9), picture(LIVE_IMAGES_CHARS_MAX)]
    const { frames, rows } = report(aSession(), reported({ images }))
    expect(framesOf(frames, 'message_appended')[0]?.message.images).toEqual([picture(9)])
    expect(rows).toContainEqual(expect.objectContaining({ put: expect.objectContaining({ images }) }))
  })
  test('ME2 the same row again is not added: nothing is told or stored of it', () => {
    const { frames, rows } = report(aSession(), row('a', 'Hello'), row('a', 'Hello'))
    expect([...frames, ...rows]).toEqual([])
  })
  test('ME3 a tool’s row joins the one its hooks made and brings a missing result: the original’s fault B-27', () => {
    const { frames, state } = report(aWorkingSession(), toolStarted(), toolRow({ toolOutput: 'a.txt', durationMs: 5 }))
    expect(framesOf(frames, 'message_appended')).toEqual([])
    expect(framesOf(frames, 'message_updated')).toMatchObject([
      { message_id: `${SESSION_ID}:tool-1`, changes: { tool_output: 'a.txt', is_error: false, duration_ms: 5 } },
    ])
    expect(state.toolCount).toBe(1)
  })
  test('ME3 it brings nothing where the hooks told all', () => {
    const { frames } = report(aWorkingSession(), toolStarted(), toolFinished(), toolRow({ toolOutput: 'a.txt' }))
    expect(frames).toEqual([])
  })
  test('ME3 where the row comes first the hooks join it', () => {
    const first = report(aWorkingSession(), toolRow())
    expect(first.state.toolCount).toBe(1)
    const { frames, state } = report(first.state, toolStarted(), toolFinished())
    expect(framesOf(frames, 'message_updated')).toHaveLength(1)
    expect(state).toMatchObject({ toolCount: 1, nextSequence: 1 })
  })
  test('ME3 a result takes back what was asked about the call: a denial in the terminal fires no hook', () => {
    const asked = report(aWorkingSession({ approvals: [anApproval()] }), toolStarted()).state
    const denied = { type: 'message_changed', id: `${SESSION_ID}:tool-1`, toolOutput: 'no', isError: true } as const
    const { state, actions } = report(asked, denied)
    expect(state.approvals).toEqual([])
    expect(actions).toEqual([{ do: 'release', eventId: 'event-1' }])
  })
  test('ME7 a row without an id gets one: F-34', () => {
    const { frames } = report(aSession(), reported({ id: '' }))
    expect(framesOf(frames, 'message_appended')).toMatchObject([{ message: { id: `${SESSION_ID}:row:0` } }])
  })
  test('ME8 a row of the past is not activity of now', () => {
    const hourAgo = new Date(NOW - 3_600_000).toISOString()
    const idle = aSession({ lastActivityAt: NOW - 7_200_000 })
    expect(report(idle, reported({ timestamp: hourAgo })).state.lastActivityAt).toBe(NOW - 3_600_000)
    expect(report(aSession(), reported({ timestamp: hourAgo })).state.lastActivityAt).toBe(NOW)
    expect(report(idle, reported({ timestamp: '0' })).state.lastActivityAt).toBe(NOW)
  })
})

describe('an echo', () => {
  test('ME4 what the agent repeats of a prompt sent here is no second row', () => {
    const sent = ask(aDirectSession(), send('List files')).state
    const { state, frames } = report(sent, row('echo', 'List files', 'user'))
    expect(framesOf(frames, 'message_appended')).toEqual([])
    expect(state.nextSequence).toBe(1)
  })
  test('ME4 nor is what it repeats of guidance: the original’s fault B-84', () => {
    const steered = ask(aDirectSession(), { type: 'steer_turn', session_id: SESSION_ID, content: 'use postgres' }).state
    expect(report(steered, row('echo', 'use postgres', 'user')).state.nextSequence).toBe(1)
  })
  test('ME4 a second equal text is news', () => {
    const sent = ask(aDirectSession(), send('go')).state
    const { state } = report(sent, row('one', 'go', 'user'), row('two', 'go', 'user'))
    expect(state.nextSequence).toBe(2)
  })
  test('ME4 so is one from further back, and one that nobody sent from here', () => {
    const others = Array.from({ length: ECHO_ROWS_MAX }, (_, index) => row(`other-${index}`, 'x'))
    const far = report(ask(aDirectSession(), send('go')).state, ...others).state
    expect(report(far, row('far', 'go', 'user')).state.nextSequence).toBe(far.nextSequence + 1)
    const typed = report(aSession(), row('one', 'continue', 'user'), row('two', 'continue', 'user'))
    expect(typed.state.nextSequence).toBe(2)
  })
})

describe('a row that changes', () => {
  const grown = { type: 'message_changed', id: `${SESSION_ID}:a`, content: 'Hello there' } as const

  test('ME5 clients and the store hear of it: the original’s fault B-01 kept the first words', () => {
    const { frames, rows } = report(aSession(), row('a', 'Hel'), grown)
    expect(framesOf(frames, 'message_updated')).toMatchObject([{ changes: { content: 'Hello there' } }])
    expect(rows).toContainEqual(expect.objectContaining({ patch: { id: `${SESSION_ID}:a`, content: 'Hello there' } }))
  })
  test('ME5 an error flag is stored with it: the original’s fault B-59', () => {
    const failed = { type: 'message_changed', id: `${SESSION_ID}:a`, toolOutput: 'boom', isError: true } as const
    expect(report(aSession(), failed).rows).toContainEqual(
      expect.objectContaining({ patch: { id: `${SESSION_ID}:a`, toolOutput: 'boom', isError: true } }),
    )
  })
  test('ME5 a row that nobody knows gets a place of its own', () => {
    const { state, rows } = report(aSession({ nextSequence: 3 }), grown)
    expect(rows).toContainEqual(expect.objectContaining({ sequence: 3 }))
    expect(state.nextSequence).toBe(4)
  })
  test('ME5 a change without content is none', () => {
    expect(report(aSession(), { type: 'message_changed', id: 'x' }).effects).toEqual([])
  })
  test('ME5 output that grows while the call runs does not end it', () => {
    const running = report(aWorkingSession(), toolStarted()).state
    const chunk = (toolOutput: string) => ({ type: 'message_changed', id: `${SESSION_ID}:tool-1`, toolOutput }) as const
    const { state, frames } = report(running, chunk('a'), chunk('ab'))
    expect(framesOf(frames, 'message_updated')).toMatchObject([{ changes: { tool_output: 'ab' } }])
    expect(state.tools).toMatchObject([{ finished: false }])
  })
  test('ME6 the last message grows with its row', () => {
    const { state, frames } = report(aSession(), row('a', 'Hel'), grown)
    expect(state.lastMessage).toBe('Hello there')
    expect(changesIn(frames)).toMatchObject([{ last_message: 'Hello there' }])
  })
  test('ME6 it is the newest text of a person or the agent, at most 200 characters', () => {
    const { state } = report(aSession(), row('a', ` ${'é'.repeat(300)}`), toolStarted(), row('think', '  '))
    expect(state.lastMessage).toBe('é'.repeat(200))
    expect(report(state, prompt('next')).state.lastMessage).toBe('next')
  })
  test('ME6 a command that the CLI carries out itself is no last word, nor its answer, and no title', () => {
    const aside = (id: string, content: string) => ({ ...row(id, content), aside: true }) as const
    const { state, frames } = report(aSession({ firstPrompt: null }), row('a', 'Done.'), aside('b', '/exit'))
    expect(framesOf(frames, 'message_appended')).toMatchObject([{ message: { content: '/exit' } }])
    expect(state.lastMessage).toBe('Done.')
    expect(report(aSession({ firstPrompt: null }), aside('c', '/model')).state.firstPrompt).toBeNull()
  })
  test('ME6 a change of an older row leaves it alone', () => {
    expect(report(aSession(), row('a', 'Hel'), row('b', 'Newer'), grown).state.lastMessage).toBe('Newer')
  })
})

describe('a row that waits for the transcript', () => {
  const transcribed = toolStarted({ transcribed: true })

  test('ME9 it is shown where the transcript tells of it, with the result that is known by then', () => {
    const waiting = report(aWorkingSession(), transcribed, toolFinished())
    expect(framesOf(waiting.frames, 'message_appended')).toEqual([])
    const { frames, state } = report(
      waiting.state,
      row('words', 'I will look.'),
      toolRow({ timestamp: '2026-02-21T09:59:59.000Z' }),
    )
    expect(framesOf(frames, 'message_appended')).toMatchObject([
      { message: { id: `${SESSION_ID}:tool-1`, tool_output: 'a.txt', timestamp: '2026-02-21T09:59:59.000Z' } },
    ])
    expect(state).toMatchObject({ nextSequence: 3, toolCount: 1 })
  })
  test('ME9 it is stored at once, and again with its place: what was acknowledged outlives a crash', () => {
    const id = `${SESSION_ID}:tool-1`
    const about = (rows: readonly StoreRow[]) => rows.filter(({ table }) => table === 'messages')
    const begun = report(aWorkingSession(), transcribed)
    expect(about(begun.rows)).toMatchObject([{ put: { id }, sequence: 0 }])
    const over = report(begun.state, toolFinished())
    expect(about(over.rows)).toMatchObject([{ patch: { id, toolOutput: 'a.txt' } }])
    const told = report(over.state, row('words', 'I will look.'), toolRow())
    expect(about(told.rows)).toMatchObject([{ put: { id, toolOutput: 'a.txt' }, sequence: 2 }])
  })
  test('ME9 it is shown where the transcript tells of its result', () => {
    const changed = {
      type: 'message_changed',
      id: `${SESSION_ID}:tool-1`,
      toolOutput: 'a.txt',
      isError: false,
    } as const
    const { frames } = report(aWorkingSession(), transcribed, changed)
    expect(frames.map(({ type }) => type).slice(0, 2)).toEqual(['message_appended', 'message_updated'])
  })
  test('ME9 it is shown when the transcript has had its time', () => {
    const { frames } = report(aWorkingSession(), transcribed, { type: 'rows_due' })
    expect(framesOf(frames, 'message_appended')).toMatchObject([{ message: { id: `${SESSION_ID}:tool-1` } }])
    expect(report(aWorkingSession(), transcribed, { type: 'rows_due' }, { type: 'rows_due' }).frames).toEqual([])
  })
  test('ME9 it waits over any number of turns, as when a whole session is told at once', () => {
    const call = (toolUseId: string) => toolStarted({ toolUseId, transcribed: true })
    const { frames, state } = report(
      aWorkingSession(),
      ...['tool-1', 'tool-2', 'tool-3'].flatMap((id) => [call(id), turnCompleted()]),
    )
    expect(framesOf(frames, 'message_appended')).toEqual([])
    const told = report(state, { type: 'rows_due' })
    expect(framesOf(told.frames, 'message_appended').map(({ message }) => message.id)).toEqual(
      ['tool-1', 'tool-2', 'tool-3'].map((id) => `${SESSION_ID}:${id}`),
    )
  })
  test('ME9 it is shown before its call is forgotten', () => {
    const others = Array.from({ length: TURN_TOOLS_MAX }, (_, index) => toolStarted({ toolUseId: `other-${index}` }))
    const { frames } = report(aWorkingSession(), transcribed, turnCompleted(), ...others, turnCompleted())
    expect(framesOf(frames, 'message_appended').at(-1)).toMatchObject({ message: { id: `${SESSION_ID}:tool-1` } })
  })
  test('ME9 so is a failure, and a second one does not take its place', () => {
    const failed = (message: string) => ({ type: 'turn_failed', code: 'unknown', message, transcribed: true }) as const
    const waiting = report(aWorkingSession(), failed('first'))
    expect(waiting.state.nextSequence).toBe(0)
    const told = report(waiting.state, reported({ id: `${SESSION_ID}:e`, content: 'first', isError: true }))
    expect(framesOf(told.frames, 'message_appended')).toMatchObject([{ message: { id: `${SESSION_ID}:e` } }])
    expect(report(told.state, { type: 'rows_due' }).frames).toEqual([])
    const { frames } = report(waiting.state, failed('second'))
    expect(framesOf(frames, 'message_appended')).toMatchObject([{ message: { content: 'first', is_error: true } }])
  })
})
