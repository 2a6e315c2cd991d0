import { afterEach, expect, test } from 'bun:test'
import type { Capabilities } from '../../src/session/state.ts'
import { readModels } from '../../src/store/capabilities.ts'
import { readSession } from '../../src/store/sessions.ts'
import { apply, cleanUp, opened } from './fixtures.ts'

afterEach(cleanUp)

const offering = (...models: string[]): Capabilities => ({
  slashCommands: ['compact'],
  skills: ['review'],
  tools: ['Bash'],
  agents: ['Explore'],
  models: models.map((value) => ({ value, display_name: value, description: '', supported_efforts: ['low'] })),
  permissionModes: ['default', 'plan'],
  account: 'api_key',
})

test('what an agent offers is read as it was told last', () => {
  const db = opened()
  for (const id of ['s1', 's2']) apply(db, id, { table: 'sessions', put: { projectPath: '/proj' } })
  apply(db, 's1', { table: 'capabilities', put: offering('opus'), at: 1 })
  apply(db, 's1', { table: 'capabilities', put: offering('opus', 'haiku'), at: 2 })
  expect(readSession(db, 's1')?.capabilities).toEqual(offering('opus', 'haiku'))
  expect(readSession(db, 's2')?.capabilities).toBeNull()
})

test('models are those of one session, or those that any agent offered last', () => {
  const db = opened()
  expect([readModels(db, null), readModels(db, 's1')]).toEqual([[], []])
  apply(db, 's1', { table: 'capabilities', put: offering('opus'), at: 2 })
  apply(db, 's2', { table: 'capabilities', put: offering('haiku'), at: 1 })
  apply(db, 's3', { table: 'capabilities', put: offering(), at: 3 })
  expect(readModels(db, 's2')).toEqual(offering('haiku').models)
  expect(readModels(db, null)).toEqual(offering('opus').models)
})
