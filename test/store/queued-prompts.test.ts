import { afterEach, expect, test } from 'bun:test'
import type { QueuedPrompt } from '../../src/session/state.ts'
import { readSession } from '../../src/store/sessions.ts'
import { apply, cleanUp, opened } from './fixtures.ts'

afterEach(cleanUp)

const prompt = (id: string, content: string): QueuedPrompt => ({
  id,
  content,
  model: 'opus',
  effort: null,
  skills: [{ name: 'review', path: '/skills/review' }],
  images: [{ input_type: 'url', value: 'data:image/png;base64,AA==' }],
  mentions: [],
  queuedAt: 1_771_668_000_000,
})

test('what waits is read in the order in which it was put, as it was changed last, without what was taken out', () => {
  const db = opened()
  for (const id of ['s1', 's2']) apply(db, id, { table: 'sessions', put: { projectPath: '/proj' } })
  for (const id of ['b', 'c', 'a']) apply(db, 's1', { table: 'queued_prompts', put: prompt(id, id) })
  apply(db, 's2', { table: 'queued_prompts', put: prompt('a', 'of another session') })
  apply(db, 's1', { table: 'queued_prompts', put: prompt('b', 'changed') })
  apply(db, 's1', { table: 'queued_prompts', remove: 'c' })
  expect(readSession(db, 's1')?.queue).toEqual([prompt('b', 'changed'), prompt('a', 'a')])
  expect(readSession(db, 's2')?.queue).toEqual([prompt('a', 'of another session')])
})
