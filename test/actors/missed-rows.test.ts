import { expect, test } from 'bun:test'
import { beforeRow, missedEvents } from '../../src/actors/missed-rows.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { aMessage } from '../support/builders.ts'

const told = (over: Parameters<typeof aMessage>[0]): SessionEvent => ({
  type: 'message_reported',
  message: aMessage(over),
})
const changed = (id: string, toolOutput: string): SessionEvent => ({ type: 'message_changed', id, toolOutput })

test('what is stored is not told again, though its text has another id in the transcript', () => {
  const stored = [
    aMessage({ id: 's:msg_1:0', type: 'assistant', content: 'I will look.' }),
    aMessage({ id: 's:toolu_1', type: 'tool', content: '', toolOutput: 'seen' }),
  ]
  const transcript = [
    told({ id: 's:uuid-1', type: 'assistant', content: 'I will look.' }),
    told({ id: 's:toolu_1', type: 'tool', content: '' }),
    changed('s:toolu_1', 'seen'),
  ]
  expect(missedEvents(transcript, stored)).toEqual([])
})

test('a text that was half written becomes whole, a call gets its result, and what follows is added', () => {
  const stored = [
    aMessage({ id: 's:toolu_1', type: 'tool', content: '', toolOutput: null }),
    aMessage({ id: 's:msg_1:0', type: 'assistant', content: 'It is' }),
  ]
  const last = told({ id: 's:uuid-2', type: 'assistant', content: 'And more.' })
  const transcript = [
    told({ id: 's:toolu_1', type: 'tool', content: '' }),
    changed('s:toolu_1', 'seen'),
    told({ id: 's:uuid-1', type: 'assistant', content: 'It is done.' }),
    last,
    { type: 'turn_aborted', reason: 'interrupted' } as const,
  ]
  expect(missedEvents(transcript, stored)).toEqual([
    changed('s:toolu_1', 'seen'),
    { type: 'message_changed', id: 's:msg_1:0', content: 'It is done.' },
    last,
  ])
})

test('equal texts are each their own', () => {
  const stored = [aMessage({ id: 's:msg_1:0', type: 'assistant', content: 'Done.' })]
  const again = told({ id: 's:uuid-2', type: 'assistant', content: 'Done.' })
  expect(missedEvents([told({ id: 's:uuid-1', type: 'assistant', content: 'Done.' }), again], stored)).toEqual([again])
})

test('turns that were taken back are not told again', () => {
  const [answer, prompt, other] = [
    told({ id: 's:a1', type: 'assistant', content: 'Done.' }),
    told({ id: 's:p2', type: 'user', content: 'Two' }),
    told({ id: 's:a2', type: 'assistant', content: 'Done again.' }),
  ]
  expect(beforeRow([answer, prompt, other], 's:p2')).toEqual([answer])
  expect(beforeRow([answer, other], 's:p2')).toEqual([answer, other])
})
