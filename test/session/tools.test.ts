import { describe, expect, test } from 'bun:test'
import { FINISHED_INPUT_CHARS_MAX, TURN_TOOLS_MAX } from '../../src/session/limits.ts'
import { workStatus } from '../../src/session/view.ts'
import {
  aCall,
  anApproval,
  aSession,
  aWorkingSession,
  NOW,
  prompt,
  reported,
  SESSION_ID,
  toolFinished,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { changesIn, framesOf, report } from './history.ts'

const question = toolStarted({
  name: 'AskUserQuestion',
  toolUseId: 'ask-1',
  input: '{"questions":[{"question":"Ship?"}]}',
})
const answered = toolFinished({ name: 'AskUserQuestion', toolUseId: 'ask-1', input: null, output: 'yes' })

describe('a tool call', () => {
  test('TO1 it is a row at once, and the session works', () => {
    const { state, frames, rows } = report(aWorkingSession(), toolStarted())
    expect(framesOf(frames, 'message_appended')).toMatchObject([
      {
        message: {
          id: `${SESSION_ID}:tool-1`,
          message_type: 'tool',
          tool_name: 'Bash',
          tool_input: '{"command":"ls"}',
          tool_output: null,
          is_error: false,
        },
      },
    ])
    expect(rows).toContainEqual(expect.objectContaining({ table: 'messages', sequence: 0 }))
    expect(state).toMatchObject({ toolCount: 1, lastTool: 'Bash', lastToolAt: NOW })
  })
  test('TO1 it counts once, however often it is told: the original’s fault B-31', () => {
    expect(report(aWorkingSession(), toolStarted(), toolFinished()).state.toolCount).toBe(1)
    expect(report(aWorkingSession(), toolFinished(), toolStarted()).state.toolCount).toBe(1)
    expect(report(aWorkingSession(), toolStarted(), toolStarted()).state.toolCount).toBe(1)
  })
  test('TO2 its result joins the row: the original’s faults B-01, B-27 and B-33 lost it', () => {
    const { frames, rows } = report(aWorkingSession(), toolStarted(), toolFinished({ isError: true, output: 'boom' }))
    expect(framesOf(frames, 'message_updated')).toEqual([
      {
        type: 'message_updated',
        session_id: SESSION_ID,
        message_id: `${SESSION_ID}:tool-1`,
        changes: { tool_output: 'boom', is_error: true, duration_ms: 12 },
      },
    ])
    expect(rows).toContainEqual(
      expect.objectContaining({
        table: 'messages',
        patch: { id: `${SESSION_ID}:tool-1`, toolOutput: 'boom', isError: true, durationMs: 12 },
      }),
    )
  })
  test('TO3 a start that comes after the result changes nothing', () => {
    const done = report(aWorkingSession(), toolFinished(), turnCompleted()).state
    expect(report(done, toolStarted())).toMatchObject({ state: done, effects: [] })
  })
  test('TO4 a second result says nothing new', () => {
    const { frames } = report(aWorkingSession(), toolStarted(), toolFinished(), toolFinished({ output: 'other' }))
    expect(framesOf(frames, 'message_updated')).toEqual([])
  })
  test('TO4 but it may bring the pictures that the first one left out', () => {
    const done = report(aWorkingSession(), toolStarted(), toolFinished()).state
    const images = [{ input_type: 'path', value: '/images/a.png' }]
    const again = { type: 'message_changed', id: `${SESSION_ID}:tool-1`, toolOutput: 'other', isError: false } as const
    const { frames, rows } = report(done, { ...again, images })
    expect(framesOf(frames, 'message_updated').map(({ changes }) => changes)).toEqual([{ images }])
    expect(rows).toContainEqual(expect.objectContaining({ patch: { id: again.id, images } }))
    expect(report(done, again).frames).toEqual([])
  })
  test('TO14 the time between call and result is its duration where no hooks tell a better one', () => {
    const row = reported({ id: `${SESSION_ID}:tool-1`, type: 'tool', toolName: 'Bash' })
    const result = { type: 'message_changed', id: `${SESSION_ID}:tool-1`, toolOutput: 'made', elapsedMs: 70 } as const
    const durations = (observed: 'transcript' | null) =>
      framesOf(report(aWorkingSession({ observed }), row, result).frames, 'message_updated').map(
        ({ changes }) => changes.duration_ms,
      )
    expect(durations('transcript')).toEqual([70])
    expect(durations(null)).toEqual([undefined])
  })
  test('TO5 a result without an id closes the newest open call of that tool', () => {
    const { frames, state } = report(
      aWorkingSession(),
      toolStarted({ toolUseId: 'tool-1' }),
      toolStarted({ toolUseId: 'tool-2' }),
      toolStarted({ toolUseId: 'read-1', name: 'Read' }),
      toolFinished({ toolUseId: null }),
    )
    expect(framesOf(frames, 'message_updated')).toMatchObject([{ message_id: `${SESSION_ID}:tool-2` }])
    expect(state.tools.map(({ finished }) => finished)).toEqual([false, true, false])
  })
  test('TO6 a result that was never announced brings the whole row and shows an agent at work', () => {
    const { state, frames } = report(aSession(), toolFinished())
    expect(framesOf(frames, 'message_appended')).toMatchObject([
      { message: { id: `${SESSION_ID}:tool-1`, tool_name: 'Bash', tool_output: 'a.txt', duration_ms: 12 } },
    ])
    expect(workStatus(state)).toBe('working')
  })
  test('TO7 a result of a turn that is over joins its row and moves no status', () => {
    const { state, frames } = report(aWorkingSession(), toolStarted(), turnCompleted(), toolFinished())
    expect(framesOf(frames, 'message_updated')).toHaveLength(1)
    expect(workStatus(state)).toBe('waiting')
  })
  test('TO8 a call of a subagent counts, has no row and moves no status', () => {
    const inner = { agentId: 'agent-1', toolUseId: 'inner-1' }
    const { state, frames } = report(aSession(), toolStarted(inner), toolFinished(inner))
    expect(framesOf(frames, 'message_appended')).toEqual([])
    expect(framesOf(frames, 'message_updated')).toEqual([])
    expect(state).toMatchObject({ toolCount: 1, phase: { name: 'idle' }, lastTool: null })
  })
  test('TO9 a call without an id has no row, only a status', () => {
    const { frames } = report(aSession(), toolStarted({ toolUseId: null }))
    expect(frames.map(({ type }) => type)).toEqual(['session_delta'])
    expect(changesIn(frames)).toMatchObject([{ work_status: 'working' }])
  })
  test('TO11 settling a batch closes its calls and what was asked about them', () => {
    const waiting = aWorkingSession({ tools: [aCall(), aCall({ toolUseId: 'tool-2' })], approvals: [anApproval()] })
    const { state, actions } = report(waiting, { type: 'tools_settled', toolUseIds: ['tool-1'] })
    expect(state.tools.map(({ finished }) => finished)).toEqual([true, false])
    expect(state.approvals).toEqual([])
    expect(actions).toEqual([{ do: 'release', eventId: 'event-1' }])
  })
  test('TO11 a result may still follow', () => {
    const settled = report(aWorkingSession(), toolStarted(), { type: 'tools_settled', toolUseIds: ['tool-1'] }).state
    expect(framesOf(report(settled, toolFinished()).frames, 'message_updated')).toHaveLength(1)
  })
  test('TO12 a turn remembers a bounded number of calls, and a long input only while the call runs', () => {
    const calls = Array.from({ length: TURN_TOOLS_MAX + 9 }, (_, index) => toolStarted({ toolUseId: `tool-${index}` }))
    expect(report(aWorkingSession(), ...calls).state.tools).toHaveLength(TURN_TOOLS_MAX)
    const input = JSON.stringify({ content: 'x'.repeat(FINISHED_INPUT_CHARS_MAX) })
    const long = report(aWorkingSession(), toolStarted({ input }))
    expect(long.state.tools[0]?.input).toBe(input)
    expect(report(long.state, toolFinished({ input })).state.tools[0]?.input).toBeNull()
  })
})

describe('a question that is put through a tool', () => {
  test('TO10 the session works while it asks, and has a question once the turn is over: O04', () => {
    const asking = report(aWorkingSession(), question)
    expect(workStatus(asking.state)).toBe('working')
    const { state, frames, rows } = report(asking.state, turnCompleted())
    expect(changesIn(frames)).toMatchObject([{ work_status: 'question' }])
    expect(rows[0]).toMatchObject({ put: { workStatus: 'question', attentionReason: 'awaitingQuestion' } })
    expect(workStatus(report(state, prompt('yes')).state)).toBe('working')
  })
  test('TO10 its text is stored, alone or from a list', () => {
    for (const input of ['{"question":"Ship?"}', '{"questions":[{"question":"Ship?"}]}'])
      expect(report(aSession(), toolStarted({ name: 'AskUserQuestion', input })).rows[0]).toMatchObject({
        put: { pendingQuestion: 'Ship?' },
      })
  })
  test.each([undefined, null, 'nothing', '{"questions":"Ship?"}', '{"questions":[7]}'])(
    'TO10 a question in another form is a question all the same (%p)',
    (input) => {
      const asked = toolStarted({ name: 'AskUserQuestion', input: input ?? null })
      expect(workStatus(report(aSession(), asked, turnCompleted()).state)).toBe('question')
    },
  )
  test('TO10 with its answer the turn ends like any other', () => {
    expect(workStatus(report(aWorkingSession(), question, answered, turnCompleted()).state)).toBe('waiting')
  })
  test('TO10 a question of long ago is forgotten: the original’s fault B-23', () => {
    const events = [question, turnCompleted(), prompt('yes'), toolStarted(), toolFinished(), turnCompleted()]
    expect(workStatus(report(aWorkingSession(), ...events).state)).toBe('waiting')
  })
  test('TO10 the next call means that the agent has moved on', () => {
    expect(workStatus(report(aWorkingSession(), question, toolStarted(), turnCompleted()).state)).toBe('waiting')
  })
  test('TO13 a call that an earlier process counted is not counted again, wherever it is told of', () => {
    const session = aSession({ toolCount: 7, countedRows: [`${SESSION_ID}:tool-1`] })
    expect(report(session, toolFinished()).state.toolCount).toBe(7)
    expect(report(session, toolFinished({ toolUseId: 'tool-2' })).state.toolCount).toBe(8)
  })
})
