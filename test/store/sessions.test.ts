import { afterEach, describe, expect, test } from 'bun:test'
import type { StoredSession } from '../../src/session/state.ts'
import { SESSION_COLUMNS } from '../../src/store/session-columns.ts'
import { listSessions, readSession } from '../../src/store/sessions.ts'
import { aSubagent } from '../support/builders.ts'
import { aMessage, anApproval } from './builders.ts'
import { all, apply, cleanUp, opened, withSession } from './fixtures.ts'
import { databaseFile, legacy } from './old-databases.ts'

afterEach(cleanUp)

const AT = Date.parse('2026-02-21T10:00:00Z')

/** Every field with a value of its own. */
const EVERYTHING: StoredSession = {
  provider: 'codex',
  status: 'active',
  workStatus: 'permission',
  projectPath: '/repo',
  projectName: 'repo',
  model: 'gpt-5',
  contextLabel: 'label',
  transcriptPath: '/t.jsonl',
  customName: 'custom',
  summary: 'summary',
  firstPrompt: 'first',
  lastMessage: 'last',
  attentionReason: 'awaitingPermission',
  pendingToolName: 'Bash',
  pendingToolInput: '{}',
  pendingQuestion: 'why?',
  pendingApprovalId: 'req-1',
  approvalVersion: 7,
  startedAt: AT,
  endedAt: AT + 1_000,
  endReason: 'other',
  lastActivityAt: AT + 2_000,
  lastTool: 'Edit',
  lastToolAt: AT + 3_000,
  inputTokens: 1,
  outputTokens: 2,
  cachedTokens: 3,
  contextWindow: 4,
  costUsd: 0.25,
  promptCount: 5,
  toolCount: 6,
  compactCount: 8,
  effort: 'high',
  source: 'startup',
  agentType: 'agent',
  permissionMode: 'plan',
  integrationMode: 'direct',
  codexThreadId: 'thread',
  claudeSdkSessionId: 'sdk',
  approvalPolicy: 'never',
  sandboxMode: 'read-only',
  forkedFrom: 's0',
  currentDiff: 'diff',
  currentPlan: '[]',
  currentCwd: '/repo/src',
  gitBranch: 'main',
  gitSha: 'abc',
  repositoryRoot: '/proj',
  worktreePath: '/proj-fix',
  gitDirty: true,
  terminalSessionId: 'term',
  terminalApp: 'ghostty',
  observed: 'transcript',
  activeSubagentId: 'sub',
  activeSubagentType: 'Explore',
  revisionCeiling: 1024,
  turnCount: 9,
  currentTurnId: 'turn-9',
  nextSequence: 0,
}

test('every field comes back as it was put', () => {
  const db = opened()
  apply(db, 's1', { table: 'sessions', put: EVERYTHING })
  expect(readSession(db, 's1')?.stored).toEqual(EVERYTHING)
  expect(Object.keys(SESSION_COLUMNS).toSorted()).toEqual(Object.keys(EVERYTHING).toSorted())
})

test('a put changes the fields it names and no other', () => {
  const db = withSession({ model: 'opus', summary: 'old' })
  apply(db, 's1', { table: 'sessions', put: { summary: null, toolCount: 2 } })
  expect(readSession(db, 's1')?.stored).toMatchObject({
    model: 'opus',
    summary: null,
    toolCount: 2,
    projectPath: '/repo',
  })
})

test('a put to a session without a row fails unless it names the project', () => {
  const db = opened()
  expect(() => apply(db, 's1', { table: 'sessions', put: { model: 'opus' } })).toThrow('no such session')
  expect(readSession(db, 's1')).toBeUndefined()
})

test('the shadow of a thread that we run is refused without an error', () => {
  const db = withSession({ provider: 'codex', integrationMode: 'direct', codexThreadId: 'thread' })
  apply(db, 'thread', { table: 'sessions', put: { provider: 'claude', projectPath: '/repo', model: 'opus' } })
  expect(readSession(db, 'thread')).toBeUndefined()
})

test('times are written as ISO with whole seconds', () => {
  const db = withSession({ lastActivityAt: AT + 999, startedAt: AT, lastToolAt: null })
  expect(all(db, 'SELECT last_activity_at, started_at, last_tool_at FROM sessions')).toEqual([
    { last_activity_at: '2026-02-21T10:00:00Z', started_at: '2026-02-21T10:00:00Z', last_tool_at: null },
  ])
})

test.each([
  ['2026-02-21T10:00:00Z', AT],
  ['2026-02-21T10:00:00.250Z', AT + 250],
  ['2026-02-21T11:00:00+01:00', AT],
  ['2026-02-21 10:00:00', AT],
  [`${AT / 1000}Z`, AT],
  ['yesterday', null],
])('a time written as %s is understood', (cell, time) => {
  const db = withSession()
  db.run('UPDATE sessions SET last_activity_at = ?', [cell])
  expect(readSession(db, 's1')?.stored.lastActivityAt).toBe(time)
})

describe('the integration mode', () => {
  test.each([
    ['codex', 'direct', { codex: 'direct', claude: null }],
    ['codex', 'passive', { codex: 'passive', claude: null }],
    ['claude', 'direct', { codex: null, claude: 'direct' }],
    ['claude', 'passive', { codex: null, claude: null }],
  ] as const)('of %s, %s, is in the column of its provider', (provider, integrationMode, columns) => {
    const db = withSession({ provider, integrationMode })
    const sql = 'SELECT codex_integration_mode AS codex, claude_integration_mode AS claude FROM sessions'
    expect(all(db, sql)).toEqual([columns])
    apply(db, 's1', { table: 'sessions', put: { integrationMode: null } })
    apply(db, 's1', { table: 'sessions', put: { integrationMode } })
    expect(all(db, sql)).toEqual([columns])
  })

  test('of an old Codex row without one is direct', () => {
    expect(readSession(withSession({ provider: 'codex' }), 's1')?.stored.integrationMode).toBe('direct')
  })
})

test('the branch that hooks of the original wrote is read (fault B-61)', () => {
  const db = withSession()
  db.run("UPDATE sessions SET branch = 'feature'")
  expect(readSession(db, 's1')?.stored.gitBranch).toBe('feature')
})

test('turn ids go on after the highest that is stored, whoever counted (fault B-11)', () => {
  const db = withSession({ turnCount: 1 })
  apply(db, 's1', { table: 'turn_diffs', put: { turnId: 'turn-7', diff: 'd', tokens: null } })
  expect(readSession(db, 's1')?.stored.turnCount).toBe(7)
})

test('messages go on after the last sequence, whoever wrote it', () => {
  const db = withSession()
  db.run(
    "INSERT INTO messages (id, session_id, type, content, timestamp, sequence) VALUES ('m', 's1', 'user', 'x', '0', 41)",
  )
  expect(readSession(db, 's1')?.stored.nextSequence).toBe(42)
})

test('a session comes with its open requests, subagents and diffs', () => {
  const db = withSession()
  apply(db, 's1', { table: 'approvals', put: anApproval(), cwd: '/repo' })
  const subagent = aSubagent({ startedAt: AT, toolUseId: 'tool-1' })
  const over = { ...subagent, description: 'Look', parentId: 'b', background: true, transcriptPath: '/a.jsonl' }
  const ended = {
    ...over,
    endedAt: AT + 1_000,
    outcome: 'failed',
    lastMessage: 'No.',
    toolCount: 2,
    lastTool: 'Bash',
  } as const
  apply(db, 's1', { table: 'subagents', put: subagent })
  apply(db, 's1', { table: 'subagents', put: ended })
  const tokens = { input_tokens: 1, output_tokens: 0, cached_tokens: 0, context_window: 0 }
  apply(db, 's1', { table: 'turn_diffs', put: { turnId: 'turn-1', diff: 'old', tokens } })
  apply(db, 's1', { table: 'turn_diffs', put: { turnId: 'turn-2', diff: 'two', tokens: null } })
  apply(db, 's1', { table: 'turn_diffs', put: { turnId: 'turn-1', diff: 'one', tokens } })
  expect(readSession(db, 's1')).toMatchObject({
    approvals: [anApproval()],
    answered: [],
    subagents: [ended],
    turnDiffs: [
      { turnId: 'turn-1', diff: 'one', tokens },
      { turnId: 'turn-2', diff: 'two', tokens: null },
    ],
  })
})

test('rows of the app before the server are read without stumbling', () => {
  const db = opened(databaseFile(legacy))
  expect(readSession(db, 'null-words')?.stored).toMatchObject({
    provider: 'claude',
    status: 'ended',
    workStatus: 'waiting',
  })
  expect(readSession(db, 'idle')?.stored).toMatchObject({
    status: 'ended',
    lastActivityAt: Date.parse('2026-01-05T10:00:00Z'),
  })
  apply(db, 'idle', { table: 'sessions', put: { status: 'active', workStatus: 'working', lastActivityAt: AT } })
  apply(db, 'idle', { table: 'messages', put: aMessage({ id: 'idle:m' }), sequence: 1 })
  expect(readSession(db, 'idle')?.stored).toMatchObject({ status: 'active', workStatus: 'working', nextSequence: 2 })
})

describe('the list', () => {
  test('has active sessions first, then ended ones, the latest activity first in either', () => {
    const db = opened()
    const put = (id: string, status: 'active' | 'ended', minutes: number) =>
      withSession({ status, lastActivityAt: AT + minutes * 60_000 }, id, db)
    put('ended-old', 'ended', 1)
    put('active-old', 'active', 2)
    put('ended-new', 'ended', 9)
    put('active-new', 'active', 3)
    expect(listSessions(db, { limit: 3 }).map(({ id }) => id)).toEqual(['active-new', 'active-old', 'ended-new'])
  })

  test('leaves out what never was a session', () => {
    const db = withSession({ status: 'ended', endReason: 'startup_empty_shell' })
    withSession({ status: 'ended', endReason: 'startup_ghost_direct' }, 's2', db)
    withSession({ status: 'ended', endReason: 'clear' }, 's3', db)
    expect(listSessions(db, { limit: 10 }).map(({ id }) => id)).toEqual(['s3'])
  })

  test('tells of a session what the session itself tells, but for its longest fields', () => {
    const db = withSession(EVERYTHING)
    apply(db, 's1', { table: 'sessions', put: EVERYTHING })
    const [row] = listSessions(db, { limit: 1 })
    const { id, ...listed } = row ?? { id: '' }
    expect(id).toBe('s1')
    expect(EVERYTHING).toMatchObject(listed)
    expect(Object.keys(listed)).toContain('pendingApprovalId')
  })
})
