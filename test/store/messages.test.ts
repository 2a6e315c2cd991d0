import { afterEach, expect, test } from 'bun:test'
import { readMessages } from '../../src/store/messages.ts'
import { aMessage } from './builders.ts'
import { all, apply, cleanUp, opened, withSession } from './fixtures.ts'
import { databaseFile, legacy } from './old-databases.ts'

afterEach(cleanUp)

const newest = { limit: 200 }

test('a message comes back as it was put, with its place', () => {
  const db = withSession()
  const message = aMessage({
    type: 'tool',
    toolName: 'Bash',
    toolInput: '{"command":"ls"}',
    toolOutput: 'a\nb',
    isError: true,
    durationMs: 1_250,
    images: [{ input_type: 'url', value: 'data:image/png;base64,AA==' }],
  })
  apply(db, 's1', { table: 'messages', put: message, sequence: 3 })
  expect(readMessages(db, 's1', newest)).toEqual([{ ...message, sequence: 3 }])
})

test('the newest messages are read, in the order of the conversation', () => {
  const db = withSession()
  for (const sequence of [0, 2, 1, 3]) {
    apply(db, 's1', { table: 'messages', put: aMessage({ id: `s1:${sequence}` }), sequence })
  }
  expect(readMessages(db, 's1', { limit: 3 }).map(({ id }) => id)).toEqual(['s1:1', 's1:2', 's1:3'])
})

test('a second report completes a message, takes nothing away, and moves it to the end, with the time of that', () => {
  const db = withSession()
  const call = aMessage({ type: 'tool', content: 'ls', toolName: 'Bash', toolInput: '{}' })
  apply(db, 's1', {
    table: 'messages',
    put: { ...call, toolOutput: 'boom', isError: true, durationMs: 40 },
    sequence: 0,
  })
  const timestamp = '2026-02-21T10:00:07Z'
  const again = { ...call, timestamp, content: '', toolInput: '{"command":"ls"}' }
  apply(db, 's1', { table: 'messages', put: again, sequence: 5 })
  expect(readMessages(db, 's1', newest)).toEqual([
    {
      ...call,
      timestamp,
      toolInput: '{"command":"ls"}',
      toolOutput: 'boom',
      isError: true,
      durationMs: 40,
      sequence: 5,
    },
  ])
  apply(db, 's1', { table: 'messages', put: call, sequence: 2 })
  expect(readMessages(db, 's1', newest)).toMatchObject([{ timestamp, sequence: 5 }])
})

test('a patch changes what it names; an error it takes back is gone', () => {
  const db = withSession()
  apply(db, 's1', { table: 'messages', put: aMessage({ isError: true, toolOutput: 'old' }), sequence: 0 })
  const patch = { id: 's1:m1', content: 'new', isError: false, durationMs: 10 }
  apply(db, 's1', { table: 'messages', patch, sequence: 1, timestamp: '2026-02-21T10:00:01Z' })
  expect(readMessages(db, 's1', newest)).toEqual([
    { ...aMessage(), content: 'new', toolOutput: 'old', durationMs: 10, sequence: 0 },
  ])
})

test.each([
  [{ content: 'streamed' }, { type: 'assistant', content: 'streamed', toolOutput: null }],
  [{ toolOutput: 'result' }, { type: 'tool', content: '', toolOutput: 'result' }],
] as const)('a patch of a message that does not exist makes it: %j', (patch, made) => {
  const db = withSession()
  apply(db, 's1', { table: 'messages', patch: { id: 's1:x', ...patch }, sequence: 4, timestamp: '1771668000Z' })
  expect(readMessages(db, 's1', newest)).toMatchObject([
    { id: 's1:x', sequence: 4, timestamp: '2026-02-21T10:00:00Z', ...made },
  ])
})

test('errors are where the original looks and where later servers look (fault B-59)', () => {
  const db = withSession()
  apply(db, 's1', { table: 'messages', put: aMessage({ durationMs: 1_500 }), sequence: 0 })
  apply(db, 's1', { table: 'messages', patch: { id: 's1:m1', isError: true }, sequence: 0, timestamp: '0' })
  expect(all(db, 'SELECT is_in_progress, is_error, tool_duration FROM messages')).toEqual([
    { is_in_progress: 1, is_error: 1, tool_duration: 1.5 },
  ])
})

test('an error that only the original recorded is one', () => {
  const db = withSession()
  db.run("INSERT INTO messages (id, session_id, type, timestamp, is_in_progress) VALUES ('m', 's1', 'tool', '0', 1)")
  expect(readMessages(db, 's1', newest)).toMatchObject([{ id: 'm', content: '', isError: true }])
})

test('a message of a kind that nobody knows is shown as the words of the assistant', () => {
  const db = withSession()
  db.run(
    "INSERT INTO messages (id, session_id, type, content, timestamp, images_json) VALUES ('m', 's1', 'poem', 'x', '0', '{')",
  )
  expect(readMessages(db, 's1', newest)).toMatchObject([{ type: 'assistant', content: 'x', images: [] }])
})

test('a message without content or with the old word for results is read', () => {
  const db = opened(databaseFile(legacy))
  expect(readMessages(db, 'idle', newest)).toMatchObject([{ id: 'm1', type: 'tool_result', content: '' }])
})
