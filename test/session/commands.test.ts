import { describe, expect, test } from 'bun:test'
import { aDirectSession, anApproval, aSession, aWorkingSession, NOW, SESSION_ID, send } from '../support/builders.ts'
import { ask, changesIn, framesOf, report } from './history.ts'

describe('what clients ask of an agent', () => {
  test('CO1 a session that is only watched refuses: E02', () => {
    for (const message of [
      send(),
      { type: 'steer_turn', session_id: SESSION_ID, content: 'x' },
      { type: 'interrupt_session', session_id: SESSION_ID },
      { type: 'compact_context', session_id: SESSION_ID },
      { type: 'undo_last_turn', session_id: SESSION_ID },
      { type: 'rollback_turns', session_id: SESSION_ID, num_turns: 1 },
    ] as const) {
      const { state, effects } = ask(aWorkingSession(), message)
      expect(state).toEqual(aWorkingSession())
      expect(effects).toMatchObject([{ to: 'sender', frame: { code: 'not_found', session_id: SESSION_ID } }])
    }
  })
  test('CO1 so does one that has ended: the original’s fault B-42 took prompts and lost them', () => {
    const over = aDirectSession({ phase: { name: 'ended', reason: 'cli_exited' }, endedAt: NOW })
    expect(ask(over, send())).toMatchObject({ state: over, replies: [{ code: 'not_found' }] })
  })
  test('CO1 an agent of our own is asked', () => {
    const asked = (message: Parameters<typeof ask>[1]) => ask(aDirectSession(), message).actions
    expect(asked({ type: 'interrupt_session', session_id: SESSION_ID })).toEqual([{ do: 'interrupt' }])
    expect(asked({ type: 'compact_context', session_id: SESSION_ID })).toEqual([{ do: 'compact' }])
    expect(asked({ type: 'undo_last_turn', session_id: SESSION_ID })).toEqual([{ do: 'undo' }])
    expect(asked({ type: 'rollback_turns', session_id: SESSION_ID, num_turns: 2 })).toEqual([
      { do: 'rollback', turns: 2 },
    ])
  })
  test('CO8 nothing is taken back in the middle of a turn', () => {
    for (const message of [
      { type: 'undo_last_turn', session_id: SESSION_ID },
      { type: 'rollback_turns', session_id: SESSION_ID, num_turns: 1 },
      { type: 'rewind_files', session_id: SESSION_ID, user_message_id: 'p1' },
    ] as const) {
      const { actions, replies } = ask(aDirectSession({ phase: { name: 'working' } }), message)
      expect({ actions, replies }).toMatchObject({ actions: [], replies: [{ code: 'agent_busy' }] })
    }
  })
  test('CO2 a prompt is a row before the agent hears of it: E01', () => {
    const { effects, state } = ask(aDirectSession(), send('List files', { effort: 'high' }))
    const row = { id: `${SESSION_ID}:prompt:0`, message_type: 'user', content: 'List files', is_error: false }
    expect(effects).toContainEqual(
      expect.objectContaining({
        to: 'clients',
        frame: expect.objectContaining({ message: expect.objectContaining(row) }),
      }),
    )
    expect(effects.at(-2)).toMatchObject({
      to: 'agent',
      action: { do: 'send', messageId: row.id, content: 'List files', model: null, effort: 'high' },
    })
    expect(effects.at(-1)).toMatchObject({
      frame: { changes: { first_prompt: 'List files', effort: 'high', work_status: 'working' } },
    })
    expect(state).toMatchObject({ promptCount: 1, phase: { name: 'working' } })
  })
  test('CO2 an effort that is not given stays: the original’s fault B-45', () => {
    expect(ask(aDirectSession({ effort: 'high' }), send()).state.effort).toBe('high')
  })
  test('CO2 guidance is a row whose outcome follows: F01', () => {
    const steered = ask(aDirectSession(), { type: 'steer_turn', session_id: SESSION_ID, content: 'use postgres' })
    expect(steered.actions).toEqual([{ do: 'steer', messageId: `${SESSION_ID}:prompt:0`, content: 'use postgres' }])
    const delivered = { type: 'message_changed', id: `${SESSION_ID}:prompt:0`, toolOutput: 'delivered' } as const
    expect(framesOf(report(steered.state, delivered).frames, 'message_updated')).toMatchObject([
      { changes: { tool_output: 'delivered' } },
    ])
  })
  test('CO3 rolling back no turns is out of range: H07', () => {
    const none = { type: 'rollback_turns', session_id: SESSION_ID, num_turns: 0 } as const
    expect(ask(aDirectSession(), none).replies).toMatchObject([{ code: 'invalid_argument' }])
  })
})

describe('what clients do with a session', () => {
  const configure = { type: 'update_session_config', session_id: SESSION_ID } as const

  test('CO4 a setting that is not given stays: the original’s fault B-44 cleared it', () => {
    const known = aDirectSession({ approvalPolicy: 'never', sandboxMode: 'read-only' })
    const { state, actions, frames } = ask(known, { ...configure, permission_mode: 'plan' })
    expect(state).toMatchObject({ approvalPolicy: 'never', sandboxMode: 'read-only', permissionMode: 'plan' })
    expect(actions).toEqual([{ do: 'configure', approvalPolicy: null, sandboxMode: null, permissionMode: 'plan' }])
    expect(changesIn(frames)).toEqual([{ permission_mode: 'plan' }])
  })
  test('CO4 a new policy is a delta and a whole row: H08', () => {
    const { listFrames } = ask(aDirectSession(), { ...configure, approval_policy: 'never', sandbox_mode: 'read-only' })
    expect(listFrames).toMatchObject([
      { type: 'session_delta', changes: { approval_policy: 'never', sandbox_mode: 'read-only' } },
      { type: 'session_created', session: { approval_policy: 'never', sandbox_mode: 'read-only' } },
    ])
  })
  test('CO5 one that is only watched ends here, and a new prompt brings it back: H04', () => {
    const { state, actions, frames } = ask(aWorkingSession(), { type: 'end_session', session_id: SESSION_ID })
    expect(actions).toEqual([])
    expect(changesIn(frames)).toMatchObject([
      { status: 'ended', work_status: 'ended', last_activity_at: '1771668000Z' },
    ])
    expect(framesOf(frames, 'session_ended')).toMatchObject([{ reason: 'user_requested' }])
    expect(ask(state, { type: 'end_session', session_id: SESSION_ID }).effects).toEqual([])
  })
  test('CO5 an agent of our own is told to stop: H02', () => {
    const { actions, frames } = ask(aDirectSession(), { type: 'end_session', session_id: SESSION_ID })
    expect(actions).toEqual([{ do: 'end' }])
    expect(framesOf(frames, 'session_ended')).toMatchObject([{ reason: 'user_requested' }])
  })
  test('CO6 a name is told as a delta and as a whole row, and cleared when none is given: B05', () => {
    const rename = { type: 'rename_session', session_id: SESSION_ID } as const
    const named = ask(aDirectSession(), { ...rename, name: ' Keep ' })
    expect(named.actions).toEqual([{ do: 'rename', name: 'Keep' }])
    expect(named.listFrames).toMatchObject([{ changes: { custom_name: 'Keep' } }, { session: { custom_name: 'Keep' } }])
    const cleared = ask(named.state, rename)
    expect(cleared.actions).toEqual([])
    expect(cleared.listFrames).toMatchObject([{ changes: { custom_name: null } }, { type: 'session_created' }])
    expect(cleared.listFrames[1]).not.toHaveProperty('session.custom_name', expect.anything())
  })
  test('AN4 the whole row is followed by the card that it takes off the screen', () => {
    const waiting = aWorkingSession({ approvals: [anApproval()] })
    const { listFrames } = ask(waiting, { type: 'rename_session', session_id: SESSION_ID, name: 'x' })
    expect(listFrames.map(({ type }) => type)).toEqual(['session_delta', 'session_created', 'approval_requested'])
  })
  test('CO9 a driven Claude is given no mode that it does not offer', () => {
    const refused = { actions: [], replies: [{ code: 'invalid_argument' }] }
    const fresh = aDirectSession()
    expect(ask(fresh, { ...configure, permission_mode: 'yolo' })).toMatchObject({ ...refused, state: fresh })
    expect(ask(fresh, { ...configure, permission_mode: 'bypassPermissions' }).replies).toEqual([])
    const permissionModes = ['default', 'plan']
    const told = report(fresh, { type: 'capabilities_reported', capabilities: { permissionModes } }).state
    expect(ask(told, { ...configure, permission_mode: 'bypassPermissions' })).toMatchObject({
      ...refused,
      replies: [{ message: expect.stringContaining('default, plan') }],
    })
    expect(ask(told, { ...configure, permission_mode: 'plan' }).state.permissionMode).toBe('plan')
    expect(ask(told, { ...configure, approval_policy: 'never' }).replies).toEqual([])
    expect(ask(aSession(), { ...configure, permission_mode: 'yolo' }).replies).toEqual([])
  })
  test('CO7 a session that is not listed refuses everything', () => {
    const unlisted = aSession({ listed: false })
    expect(ask(unlisted, { type: 'rename_session', session_id: SESSION_ID, name: 'x' })).toMatchObject({
      state: unlisted,
      replies: [{ code: 'not_found' }],
    })
  })
})
