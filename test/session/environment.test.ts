import { describe, expect, test } from 'bun:test'
import type { SeenRepository, SessionEvent } from '../../src/session/events.ts'
import { newSession } from '../../src/session/new-session.ts'
import { restoreSession } from '../../src/session/restore.ts'
import type { Capabilities } from '../../src/session/state.ts'
import { storedSession } from '../../src/session/stored-session.ts'
import { snapshotOf, startupFrames, summaryOf } from '../../src/session/view.ts'
import { aDirectSession, aSession, NOW, SESSION_ID } from '../support/builders.ts'
import { changesIn, report } from './history.ts'

describe('the environment', () => {
  test('EN1 only what differs is told', () => {
    const known = aSession({ gitBranch: 'main', currentCwd: '/proj' })
    const { frames } = report(known, { type: 'environment_reported', cwd: '/proj', gitBranch: 'fix', gitSha: 'abc' })
    expect(changesIn(frames)).toEqual([{ git_branch: 'fix', git_sha: 'abc' }])
    expect(report(known, { type: 'environment_reported', gitBranch: 'main' }).effects).toEqual([])
  })
  test('EN1 a session works where its turns begin and end, whatever was told in between', () => {
    const seenIn = (cwd: string, atTurnBound?: true) =>
      ({ type: 'session_described', quiet: false, cwd, ...(atTurnBound && { atTurnBound }) }) as const
    const placeAfter = (...events: readonly SessionEvent[]) =>
      report(aSession({ projectPath: '/proj' }), ...events).state.currentCwd
    expect(placeAfter(seenIn('/proj', true))).toBeNull()
    expect(placeAfter(seenIn('/proj/sub'))).toBeNull()
    expect(placeAfter(seenIn('/proj/sub', true))).toBe('/proj/sub')
    expect(placeAfter(seenIn('/proj/sub', true), seenIn('/proj', true))).toBe('/proj')
  })
  const repository = { branch: 'main', sha: 'abc', repositoryRoot: '/proj', worktreePath: null }
  const seen = (facts: Partial<SeenRepository> | null) =>
    ({ type: 'repository_seen', repository: facts && { ...repository, ...facts } }) as const
  test('EN4 the repository of the directory is told, and what differs of it', () => {
    const first = report(aSession(), seen({}))
    expect(changesIn(first.frames)).toEqual([{ git_branch: 'main', git_sha: 'abc', repository_root: '/proj' }])
    const linked = report(first.state, seen({ branch: 'fix', worktreePath: '/proj-fix', dirty: true }))
    expect(changesIn(linked.frames)).toEqual([
      { git_branch: 'fix', is_worktree: true, worktree_path: '/proj-fix', git_dirty: true },
    ])
    expect(linked.state.lastActivityAt).toBe(aSession().lastActivityAt)
    expect(report(linked.state, seen({ branch: 'fix', worktreePath: '/proj-fix' })).effects).toEqual([])
  })
  test('EN4 changed files are those of one worktree', () => {
    const { state } = report(aSession(), seen({ dirty: true }))
    expect(report(state, seen({ branch: 'fix' })).state.gitDirty).toBe(true)
    expect(report(state, seen({ worktreePath: '/proj-fix' })).state.gitDirty).toBeNull()
    expect(report(state, seen({ repositoryRoot: '/other' })).state.gitDirty).toBeNull()
    expect(report(state, seen({ dirty: null })).state.gitDirty).toBeNull()
  })
  test('EN4 AN4 a session outside of a repository has no branch: the app reads that from the whole row', () => {
    const { state } = report(aSession(), seen({ worktreePath: '/proj-fix', dirty: true }))
    const left = report(state, seen(null))
    expect(changesIn(left.frames)).toEqual([
      {
        git_branch: null,
        git_sha: null,
        repository_root: null,
        is_worktree: false,
        worktree_path: null,
        git_dirty: null,
      },
    ])
    expect(left.effects).toContainEqual({
      to: 'list',
      frame: { type: 'session_created', session: summaryOf(left.state) },
    })
  })
  test('EN4 a session that has ended or is not listed keeps what it had', () => {
    const ended = report(aSession({ gitBranch: 'fix' }), { type: 'session_ended', reason: 'x' }).state
    expect(report(ended, seen({})).effects).toEqual([])
    expect(report(newSession('s', 'claude', 1), seen({})).state.listed).toBe(false)
  })
  test('EN2 model and permission mode are kept: the original’s fault B-05 only passed them on', () => {
    const { state, frames } = report(
      aSession(),
      { type: 'model_reported', model: 'opus' },
      { type: 'permission_mode_reported', mode: 'plan' },
    )
    expect(changesIn(frames)).toEqual([{ permission_mode: 'plan' }])
    expect(snapshotOf(state, [], 1)).toMatchObject({ model: 'opus', permission_mode: 'plan' })
  })
  test('EN3 capabilities and the start of MCP servers are kept for later: the original’s fault B-10', () => {
    const capabilities = { slashCommands: ['compact'], skills: [], tools: ['Bash'] }
    const update = (state: 'starting' | 'ready') =>
      ({
        type: 'frame_reported',
        frame: { type: 'mcp_startup_update', session_id: SESSION_ID, server: 'demo', status: { state } },
      }) as const
    const { state, frames } = report(
      aDirectSession(),
      { type: 'capabilities_reported', capabilities },
      update('starting'),
      update('ready'),
    )
    expect(frames).toMatchObject([{ type: 'mcp_startup_update', status: { state: 'ready' } }])
    expect(startupFrames(state)).toMatchObject([
      { type: 'claude_capabilities', slash_commands: ['compact'], tools: ['Bash'] },
      { type: 'mcp_startup_update', status: { state: 'ready' } },
    ])
  })
  test('EN3 capabilities are told and stored when they differ; what is not named stays', () => {
    const offer = (capabilities: Partial<Capabilities>) => ({ type: 'capabilities_reported', capabilities }) as const
    const models = [{ value: 'opus', display_name: 'Opus', description: 'The best', supported_efforts: ['low'] }]
    const first = report(aDirectSession(), offer({ models, account: 'api_key' }))
    const { state, frames, rows } = report(first.state, offer({ tools: ['Bash'] }))
    expect(frames).toMatchObject([{ type: 'claude_capabilities', models, account: 'api_key', tools: ['Bash'] }])
    expect(rows).toEqual([{ table: 'capabilities', put: state.capabilities as Capabilities, at: NOW }])
    expect(report(state, offer({ tools: ['Bash'] })).effects).toEqual([])
    const stored = { ...storedSession(state), revisionCeiling: 0 }
    const beside = { approvals: [], answered: [], subagents: [], turnDiffs: [], reviewComments: [], now: NOW }
    const restored = restoreSession(SESSION_ID, stored, { ...beside, capabilities: state.capabilities })
    expect(startupFrames(restored)).toEqual(frames)
  })
  test('EN3 other frames pass through and are not kept', () => {
    const frame = { type: 'skills_update_available', session_id: SESSION_ID } as const
    const { state, frames } = report(aDirectSession(), { type: 'frame_reported', frame })
    expect(frames).toEqual([frame])
    expect(startupFrames(state)).toEqual([])
  })
})
