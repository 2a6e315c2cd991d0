import { afterEach, expect, test } from 'bun:test'
import { readKnownRows, readMessages } from '../../src/store/messages.ts'
import { readSession } from '../../src/store/sessions.ts'
import { readTranscriptGaps } from '../../src/store/transcript-gaps.ts'
import { readUnreadSessions } from '../../src/store/transcripts.ts'
import { aMessage } from './builders.ts'
import { apply, cleanUp, withSession } from './fixtures.ts'

afterEach(cleanUp)

const gap = { path: '/t/s1.jsonl', identity: 'i', offset: 100, end: 1_100, sequence: 5 }

test('what is still to be read of a transcript is known until all of it was', () => {
  const db = withSession()
  apply(db, 's1', { table: 'transcript_gaps', put: gap })
  expect(readTranscriptGaps(db)).toEqual([{ sessionId: 's1', ...gap }])
  const rest = { ...gap, offset: 600, sequence: 505 }
  apply(db, 's1', { table: 'transcript_gaps', put: rest })
  expect(readTranscriptGaps(db)).toEqual([{ sessionId: 's1', ...rest }])
  apply(db, 's1', { table: 'transcript_gaps', put: { ...rest, offset: rest.end } })
  expect(readTranscriptGaps(db)).toEqual([])
})

test('new messages go on behind the places that are kept', () => {
  const db = withSession()
  apply(db, 's1', { table: 'messages', put: aMessage(), sequence: 4 })
  apply(db, 's1', { table: 'transcript_gaps', put: { ...gap, offset: 600, sequence: 505 } })
  expect(readSession(db, 's1')?.stored.nextSequence).toBe(1_005)
})

test('nothing from before a missing part is shown as if it came just before what follows', () => {
  const db = withSession()
  apply(db, 's1', { table: 'transcript_gaps', put: gap })
  for (const sequence of [4, 7, 1_004, 1_005, 1_006])
    apply(db, 's1', { table: 'messages', put: aMessage({ id: `s1:${sequence}` }), sequence })
  const shown = () => readMessages(db, 's1', { limit: 200 }).map(({ sequence }) => sequence)
  expect(shown()).toEqual([1_005, 1_006])
  apply(db, 's1', { table: 'transcript_gaps', put: { ...gap, offset: gap.end } })
  expect(shown()).toEqual([4, 7, 1_004, 1_005, 1_006])
})

test('a row is known once it says what it is, and whether its result is', () => {
  const db = withSession()
  const call = aMessage({ id: 's1:call', type: 'tool', toolName: 'Bash' })
  apply(db, 's1', { table: 'messages', put: call, sequence: 1 })
  apply(db, 's1', { table: 'messages', put: { ...call, id: 's1:done', toolOutput: 'a' }, sequence: 2 })
  const patch = { id: 's1:result', toolOutput: 'a' }
  apply(db, 's1', { table: 'messages', patch, sequence: 3, timestamp: '0' })
  const known = readKnownRows(db, ['s1:call', 's1:done', 's1:result', 's1:none'])
  expect([...known]).toEqual([
    ['s1:call', false],
    ['s1:done', true],
  ])
})

test('sessions are unread that have a transcript and nothing else', () => {
  const db = withSession({ transcriptPath: '/t/s1.jsonl' })
  withSession({ transcriptPath: '/t/s2.jsonl' }, 's2', db)
  apply(db, 's2', { table: 'messages', put: aMessage({ id: 's2:m' }), sequence: 0 })
  withSession({ transcriptPath: '/t/s3.jsonl' }, 's3', db)
  apply(db, 's3', { table: 'transcripts', put: { path: '/t/s3.jsonl', offset: 0, identity: 'i' } })
  withSession({}, 's4', db)
  expect(readUnreadSessions(db)).toEqual([{ sessionId: 's1', path: '/t/s1.jsonl' }])
})
