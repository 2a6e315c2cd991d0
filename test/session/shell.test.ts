import { describe, expect, test } from 'bun:test'
import type { SessionMessage } from '../../src/protocol/client/index.ts'
import type { Effect, ShellAction } from '../../src/session/effects.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { SHELL_COMMAND_CHARS_MAX, SHELLS_MAX } from '../../src/session/limits.ts'
import { anEndedSession, aSession, aWorkingSession, ended, NOW, prompt, SESSION_ID } from '../support/builders.ts'
import { ask, framesOf, report, runAt } from './history.ts'

type Execute = Extract<SessionMessage, { type: 'execute_shell' }>
type Finished = Extract<SessionEvent, { type: 'shell_finished' }>

const execute = (over: Partial<Execute> = {}): Execute => ({
  type: 'execute_shell',
  session_id: SESSION_ID,
  command: 'make',
  timeout_secs: 30,
  ...over,
})
const requestId = `${SESSION_ID}:shell:0`
const finished = (over: Partial<Finished> = {}): Finished => ({
  type: 'shell_finished',
  requestId,
  stdout: 'ok\n',
  stderr: '',
  exitCode: 0,
  durationMs: 12,
  ...over,
})
const shellActions = (effects: readonly Effect[]): readonly ShellAction[] =>
  effects.flatMap((effect) => (effect.to === 'shell' ? [effect.action] : []))

describe('a command of a person', () => {
  test('SH1 is announced, is a row, and then runs: J01', () => {
    const { frames, rows, effects, state } = ask(aWorkingSession(), execute())
    const message = { id: requestId, message_type: 'shell', content: 'make', tool_output: null }
    expect(frames).toMatchObject([
      { type: 'shell_started', session_id: SESSION_ID, request_id: requestId, command: 'make' },
      { type: 'message_appended', message },
    ])
    expect(rows.at(-1)).toMatchObject({ table: 'messages', put: { id: requestId, type: 'shell', toolOutput: null } })
    expect(shellActions(effects)).toEqual([{ do: 'run', requestId, command: 'make', cwd: null, timeoutMs: 30_000 }])
    expect(state).toMatchObject({ shells: [requestId], phase: { name: 'working' }, toolCount: 0, lastMessage: null })
  })
  test('SH1 runs where it is told to, a day at most', () => {
    const { effects } = ask(aSession(), execute({ cwd: '/', timeout_secs: 1e300 }))
    expect(shellActions(effects)).toMatchObject([{ cwd: '/', timeoutMs: 24 * 60 * 60 * 1000 }])
  })
  test('SH1 may run in a session that is over, and wakes it not', () => {
    const { state, effects } = ask(anEndedSession(), execute())
    expect(shellActions(effects)).toHaveLength(1)
    const later = { from: 'agent', event: finished() } as const
    const outcome = runAt(NOW + 60_000, state, later)
    expect(outcome.state).toMatchObject({ shells: [], phase: { name: 'ended' }, lastActivityAt: NOW })
    expect(framesOf(outcome.frames, 'shell_output')).toHaveLength(1)
  })
  test('SH2 shows what it has said so far', () => {
    const { state } = ask(aSession(), execute())
    const said = { type: 'shell_progressed', requestId, stdout: 'cc a.c\n', stderr: 'a warning' } as const
    const { frames, rows } = report(state, said)
    expect(frames).toMatchObject([
      { type: 'message_updated', message_id: requestId, changes: { tool_output: 'cc a.c\na warning' } },
    ])
    expect(rows).toMatchObject([{ table: 'messages', patch: { id: requestId, toolOutput: 'cc a.c\na warning' } }])
  })
  test.each([
    ['ok\n', '', 'ok\n'],
    ['', 'no', 'no'],
    ['a', 'b', 'a\nb'],
    ['a\n', 'b', 'a\nb'],
    ['', '', ''],
  ])('SH3 its row has both streams, errors last: %j and %j', (stdout, stderr, tool_output) => {
    const { frames } = report(ask(aSession(), execute()).state, finished({ stdout, stderr }))
    expect(frames).toMatchObject([
      { type: 'message_updated', changes: { tool_output, is_error: false, duration_ms: 12 } },
      { type: 'shell_output', request_id: requestId, stdout, stderr, exit_code: 0, duration_ms: 12 },
    ])
  })
  test.each([3, -1, null])('SH3 that ends with %p has failed: J02', (exitCode) => {
    const { frames } = report(ask(aSession(), execute()).state, finished({ exitCode }))
    expect(frames).toMatchObject([{ changes: { is_error: true } }, { exit_code: exitCode }])
  })
  test('SH3 ends once', () => {
    const { state } = report(ask(aSession(), execute()).state, finished())
    expect(state.shells).toEqual([])
    for (const event of [finished(), { type: 'shell_progressed', requestId, stdout: 'x', stderr: '' } as const])
      expect(report(state, event)).toMatchObject({ state, effects: [] })
  })
  test('SH4 several run at once, within a limit', () => {
    const { state } = ask(aSession(), ...new Array<Execute>(SHELLS_MAX).fill(execute()))
    expect(new Set(state.shells).size).toBe(SHELLS_MAX)
    expect(ask(state, execute())).toMatchObject({ state, rows: [], replies: [{ code: 'rate_limited' }] })
    expect(ask(report(state, finished()).state, execute()).replies).toEqual([])
  })
  test('SH4 that is too long is refused', () => {
    const long = execute({ command: 'x'.repeat(SHELL_COMMAND_CHARS_MAX + 1) })
    expect(ask(aSession(), long)).toMatchObject({ rows: [], replies: [{ code: 'invalid_argument' }] })
  })
  test('SH5 is stopped with its session, and still tells its end', () => {
    const { state } = ask(aSession(), execute(), execute())
    for (const { state: over, effects } of [
      report(state, ended()),
      ask(state, { type: 'end_session', session_id: SESSION_ID }),
    ]) {
      expect(shellActions(effects)).toEqual([
        { do: 'stop', requestId },
        { do: 'stop', requestId: `${SESSION_ID}:shell:1` },
      ])
      const stopped = report(over, finished({ exitCode: null, stderr: 'Stopped: the session has ended.' }))
      expect(stopped.frames.map(({ type }) => type)).toEqual(['message_updated', 'shell_output'])
      expect(report(stopped.state, prompt()).state.shells).toEqual([`${SESSION_ID}:shell:1`])
    }
  })
})
