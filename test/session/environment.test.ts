import { describe, expect, test } from 'bun:test'
import { snapshotOf, startupFrames } from '../../src/session/view.ts'
import { aDirectSession, aSession, SESSION_ID } from '../support/builders.ts'
import { changesIn, report } from './history.ts'

describe('the environment', () => {
  test('EN1 only what differs is told', () => {
    const known = aSession({ gitBranch: 'main', currentCwd: '/proj' })
    const { frames } = report(known, { type: 'environment_reported', cwd: '/proj', gitBranch: 'fix', gitSha: 'abc' })
    expect(changesIn(frames)).toEqual([{ git_branch: 'fix', git_sha: 'abc' }])
    expect(report(known, { type: 'environment_reported', gitBranch: 'main' }).effects).toEqual([])
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
  test('EN3 other frames pass through and are not kept', () => {
    const frame = { type: 'skills_update_available', session_id: SESSION_ID } as const
    const { state, frames } = report(aDirectSession(), { type: 'frame_reported', frame })
    expect(frames).toEqual([frame])
    expect(startupFrames(state)).toEqual([])
  })
})
