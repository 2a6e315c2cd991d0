import { afterEach, expect, test } from 'bun:test'
import type { ShownSubagent } from '../../src/session/effects.ts'
import { archivedSubagents, readShownSubagent } from '../../src/store/subagent-archive.ts'
import { apply, cleanUp, opened } from './fixtures.ts'

afterEach(cleanUp)

const shown = (over: Partial<ShownSubagent> = {}): ShownSubagent => ({
  subagentId: 'a1',
  frameType: 'subagent_messages',
  frame: '{}',
  isComplete: true,
  ...over,
})

test('what was shown of a subagent last takes the place of what was shown before', () => {
  const db = opened()
  for (const frame of ['one', 'two']) apply(db, 's1', { table: 'subagent_archive', put: shown({ frame }) })
  expect(readShownSubagent(db, 's1', shown())).toBe('two')
  expect(readShownSubagent(db, 's1', shown({ frameType: 'subagent_tools_list' }))).toBeNull()
  expect(readShownSubagent(db, 's1', shown({ subagentId: 'a2' }))).toBeNull()
  expect(readShownSubagent(db, 's2', shown())).toBeNull()
})

test('a subagent is archived when all that was shown of it was its last', () => {
  const db = opened()
  const put = (over: Partial<ShownSubagent>) => apply(db, 's1', { table: 'subagent_archive', put: shown(over) })
  put({ isComplete: false })
  put({ frameType: 'subagent_tools_list' })
  put({ subagentId: 'a2' })
  expect(archivedSubagents(db, 's1')).toEqual(['a2'])
  put({})
  expect(archivedSubagents(db, 's1')).toEqual(['a1', 'a2'])
  expect(archivedSubagents(db, 's2')).toEqual([])
})
