import { describe, expect, test } from 'bun:test'
import type { SessionEvent } from '../../src/session/events.ts'
import { aMessage, aSession, aToolMessage, SESSION_ID } from '../support/builders.ts'
import { report } from './history.ts'

describe('the older part of a long transcript', () => {
  const postponed: SessionEvent = { type: 'past_postponed', places: 1_000, firstPrompt: 'Begin\nhere' }

  test('ME10 has places before the newest part, and its first prompt is the title', () => {
    const { state } = report(aSession({ nextSequence: 3, firstPrompt: null }), postponed)
    expect(state).toMatchObject({ nextSequence: 1_003, firstPrompt: 'Begin here' })
    expect(report(aSession({ firstPrompt: 'Known' }), postponed).state.firstPrompt).toBe('Known')
  })

  test('ME10 goes to its places, and no client hears of it', () => {
    const session = aSession({ nextSequence: 1_003 })
    const message = aMessage({ id: `${SESSION_ID}:old`, type: 'user' })
    const told = report(session, { type: 'past_told', sequence: 7, told: { type: 'message_reported', message } })
    expect(told.rows).toEqual([{ table: 'messages', put: message, sequence: 7 }])
    expect(told.frames).toEqual([])
    expect(told.state).toBe(session)
  })

  test('ME10 counts its calls, and completes them with their results', () => {
    const message = aToolMessage({ id: `${SESSION_ID}:call` })
    const call = report(aSession(), { type: 'past_told', sequence: 7, told: { type: 'message_reported', message } })
    expect(call.state.toolCount).toBe(1)
    const result = { type: 'message_changed', id: message.id, toolOutput: 'a file', isError: false } as const
    const told = report(call.state, { type: 'past_told', sequence: 8, told: result })
    const patch = { id: message.id, toolOutput: 'a file', isError: false }
    expect(told.rows).toMatchObject([{ table: 'messages', patch, sequence: 8 }])
    expect(told.frames).toEqual([])
  })
})
