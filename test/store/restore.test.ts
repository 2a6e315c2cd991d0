import type { Database } from 'bun:sqlite'
import { afterEach, expect, test } from 'bun:test'
import type { StoredSession } from '../../src/session/state.ts'
import { restore } from '../../src/store/restore.ts'
import { listSessions, readSession } from '../../src/store/sessions.ts'
import { aMessage, anApproval } from './builders.ts'
import { all, apply, cleanUp, opened, withSession } from './fixtures.ts'
import { databaseFile, legacy } from './old-databases.ts'

afterEach(cleanUp)

const NOW = Date.parse('2026-02-21T12:00:00Z')
const minutesAgo = (minutes: number) => NOW - minutes * 60_000
const DIRECT = { integrationMode: 'direct', claudeSdkSessionId: 'sdk', promptCount: 1 } as const
const WATCHED_CODEX = { provider: 'codex', integrationMode: 'passive', promptCount: 1 } as const

/** What is stored of a session with these fields once the server has started. */
function restored(put: Partial<StoredSession>, prepare: (db: Database) => void = () => {}): StoredSession | undefined {
  const db = withSession({ promptCount: 1, lastActivityAt: minutesAgo(1), ...put })
  prepare(db)
  restore(db, NOW)
  return readSession(db, 's1')?.stored
}

const openRequest = (db: Database) => apply(db, 's1', { table: 'approvals', put: anApproval(), cwd: '/repo' })

test('a direct session whose agent died at work waits for a reply (the later fix F-16)', () => {
  expect(restored({ ...DIRECT, workStatus: 'working', currentTurnId: 'turn-3' })).toMatchObject({
    status: 'active',
    workStatus: 'waiting',
    attentionReason: 'awaitingReply',
    // Who ends the agent says what became of it.
    currentTurnId: 'turn-3',
  })
})

test('a direct session that the original ended at its stop goes on (fault B-62)', () => {
  const ended = { status: 'ended', workStatus: 'ended', endReason: 'server_shutdown', endedAt: NOW } as const
  expect(restored({ ...DIRECT, ...ended })).toMatchObject({
    status: 'active',
    workStatus: 'waiting',
    endReason: null,
    endedAt: null,
  })
  expect(restored({ ...DIRECT, ...ended, endReason: 'user_requested' })).toMatchObject({ status: 'ended' })
})

test('a request of a direct session died with its agent', () => {
  const db = withSession({ ...DIRECT, workStatus: 'permission', pendingApprovalId: 'req-1', pendingToolName: 'Bash' })
  openRequest(db)
  restore(db, NOW)
  expect(readSession(db, 's1')).toMatchObject({
    approvals: [],
    stored: { workStatus: 'waiting', attentionReason: 'awaitingReply', pendingApprovalId: null, pendingToolName: null },
  })
  expect(all(db, 'SELECT decision, decided_at FROM approval_history')).toEqual([
    { decision: 'withdrawn', decided_at: '2026-02-21T12:00:00Z' },
  ])
})

test('a watched Codex thread ends after a quarter of an hour of silence, unless it waits for a person', () => {
  expect(restored({ ...WATCHED_CODEX, lastActivityAt: minutesAgo(16) })).toMatchObject({
    status: 'ended',
    workStatus: 'ended',
    endReason: 'startup_stale_passive',
    endedAt: NOW,
  })
  expect(restored({ ...WATCHED_CODEX, lastActivityAt: minutesAgo(14) })).toMatchObject({ status: 'active' })
  expect(restored({ ...WATCHED_CODEX, lastActivityAt: minutesAgo(16), workStatus: 'question' })).toMatchObject({
    status: 'active',
  })
})

test.each([
  ['1771668000Z', 'ended'],
  [`${minutesAgo(1) / 1000}Z`, 'active'],
])('silence is measured in the old form of times too: %s (fault B-21)', (cell, status) => {
  const stored = restored(WATCHED_CODEX, (db) => db.run('UPDATE sessions SET last_activity_at = ?', [cell]))
  expect(stored).toMatchObject({ status })
})

test('times in the old form sort among the others afterwards', () => {
  const db = withSession({ lastActivityAt: minutesAgo(2) }, 'older')
  withSession({ lastActivityAt: minutesAgo(0) }, 'newer', db)
  withSession({}, 'old-form', db)
  db.run('UPDATE sessions SET prompt_count = 1')
  db.run(`UPDATE sessions SET last_activity_at = '${minutesAgo(1) / 1000}Z' WHERE id = 'old-form'`)
  expect(restore(db, NOW)).toMatchObject({ times_normalised: 1 })
  expect(listSessions(db, { limit: 9 }).map(({ id }) => id)).toEqual(['newer', 'old-form', 'older'])
})

test('a Claude session stays as it is, however long it was silent', () => {
  const claude = { workStatus: 'working', lastActivityAt: minutesAgo(10_000) } as const
  expect(restored(claude)).toMatchObject({ status: 'active', workStatus: 'working' })
})

test('an empty shell vanishes', () => {
  const db = withSession({ lastActivityAt: minutesAgo(1) })
  restore(db, NOW)
  expect(readSession(db, 's1')?.stored).toMatchObject({ status: 'ended', endReason: 'startup_empty_shell' })
  expect(listSessions(db, { limit: 9 })).toEqual([])
})

test('a shell of the app before the server, which names no provider, is one too', () => {
  const db = opened(databaseFile(legacy))
  db.run("INSERT INTO sessions (id, project_path, provider, status) VALUES ('shell', '/repo', NULL, 'active')")
  restore(db, NOW)
  expect(readSession(db, 'shell')?.stored.endReason).toBe('startup_empty_shell')
})

test.each([
  ['a prompt', { firstPrompt: 'hi' }, () => {}],
  ['a counted prompt', { promptCount: 1 }, () => {}],
  ['a tool call', { toolCount: 1 }, () => {}],
  ['a name', { customName: 'mine' }, () => {}],
  ['a message', {}, (db: Database) => apply(db, 's1', { table: 'messages', put: aMessage(), sequence: 0 })],
  ['an open request', {}, openRequest],
])('%s makes a session more than a shell', (_, put, prepare) => {
  expect(restored({ promptCount: 0, ...put }, prepare)).toMatchObject({ status: 'active' })
})

test('a direct session that never reached its agent is a ghost (the later fix F-04)', () => {
  expect(restored({ integrationMode: 'direct', promptCount: 0 })).toMatchObject({
    status: 'ended',
    endReason: 'startup_ghost_direct',
  })
  expect(restored({ ...DIRECT, promptCount: 0 })).toMatchObject({ status: 'active' })
})

test('an open request of a watched session is found again', () => {
  const db = withSession({ promptCount: 1, workStatus: 'permission', attentionReason: 'awaitingPermission' })
  openRequest(db)
  restore(db, NOW)
  expect(readSession(db, 's1')).toMatchObject({ approvals: [anApproval()], stored: { workStatus: 'permission' } })
})

test('an open request of an ended session is closed', () => {
  const db = withSession({ promptCount: 1, status: 'ended', workStatus: 'ended' })
  openRequest(db)
  restore(db, NOW)
  expect(readSession(db, 's1')?.approvals).toEqual([])
})

test('a prompt that only the terminal shows is believed for an hour (the later fix F-06)', () => {
  const asks = { workStatus: 'permission', attentionReason: 'awaitingPermission' } as const
  expect(restored({ ...asks, lastActivityAt: minutesAgo(59) })).toMatchObject(asks)
  expect(restored({ ...asks, pendingToolName: 'Bash', lastActivityAt: minutesAgo(61) })).toMatchObject({
    workStatus: 'waiting',
    attentionReason: 'awaitingReply',
    pendingToolName: null,
  })
})

test('what nobody waits for any more is cleared (fault B-03)', () => {
  const stale = { workStatus: 'waiting', attentionReason: 'awaitingPermission', pendingToolName: 'Bash' } as const
  expect(restored(stale)).toMatchObject({ attentionReason: 'awaitingReply', pendingToolName: null })
})

test('a start that shows no life for a month is forgotten', () => {
  const db = opened()
  apply(db, 'old', { table: 'pending_starts', put: '{}', at: minutesAgo(31 * 24 * 60) })
  apply(db, 'new', { table: 'pending_starts', put: '{}', at: minutesAgo(1) })
  restore(db, NOW)
  expect(all(db, 'SELECT session_id FROM pending_starts')).toEqual([{ session_id: 'new' }])
})

test('a second start finds nothing to repair', () => {
  const db = withSession({ ...DIRECT, workStatus: 'working' })
  withSession({ ...WATCHED_CODEX, lastActivityAt: minutesAgo(60) }, 's2', db)
  withSession({}, 's3', db)
  restore(db, NOW)
  expect(new Set(Object.values(restore(db, NOW)))).toEqual(new Set([0]))
})

const MANY = 10_000

test('ten thousand sessions are repaired and listed in a moment', () => {
  const db = opened()
  db.transaction(() => {
    for (let number = 0; number < MANY; number++) {
      const ended = number % 10 > 0
      const put = { status: ended ? 'ended' : 'active', promptCount: 1, lastActivityAt: minutesAgo(number) } as const
      withSession({ ...put, firstPrompt: 'x'.repeat(150), lastMessage: 'y'.repeat(200) }, `s${number}`, db)
    }
  })()
  const repaired = measured(() => restore(db, NOW))
  const listed = measured(() => expect(listSessions(db, { limit: 2_000 })).toHaveLength(2_000))
  process.stdout.write(`${MANY} sessions: repaired in ${repaired.toFixed(1)} ms, listed in ${listed.toFixed(1)} ms\n`)
  expect(repaired + listed).toBeLessThan(2_000)
})

function measured(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

test('a command of a person that ran when the server was killed has an end, and keeps what it has said', () => {
  const db = withSession({})
  const shell = (id: string, over = {}) =>
    apply(db, 's1', { table: 'messages', put: aMessage({ id, type: 'shell', content: 'make', ...over }), sequence: 0 })
  shell('silent')
  shell('talking', { toolOutput: 'cc -c a.c' })
  shell('over', { toolOutput: 'ok', durationMs: 7 })
  restore(db, NOW)
  expect(restore(db, NOW)).toMatchObject({ commands_ended: 0 })
  expect(all(db, 'SELECT id, tool_output, is_error FROM messages ORDER BY rowid')).toEqual([
    { id: 'silent', tool_output: 'The server stopped before this command ended.', is_error: 1 },
    { id: 'talking', tool_output: 'cc -c a.c\nThe server stopped before this command ended.', is_error: 1 },
    { id: 'over', tool_output: 'ok', is_error: 0 },
  ])
})
