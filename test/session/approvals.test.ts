import { describe, expect, test } from 'bun:test'
import { PENDING_APPROVALS_MAX } from '../../src/lib/limits.ts'
import type { SessionMessage } from '../../src/protocol/client/index.ts'
import { summaryOf, workStatus } from '../../src/session/view.ts'
import {
  aCall,
  anApproval,
  approvalRequested,
  approve,
  aSession,
  aWorkingSession,
  awaitingApproval,
  ended,
  NOW,
  prompt,
  SESSION_ID,
  toolFinished,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { ask, changesIn, framesOf, report } from './history.ts'

const answer = (text: string, request_id = 'req-1'): SessionMessage => ({
  type: 'answer_question',
  session_id: SESSION_ID,
  request_id,
  answer: text,
})

describe('a request', () => {
  test('AP1 it is a card, a status and a row at once; the faults B-02 and B-03 left two of them out', () => {
    const { state, frames, listFrames, rows } = report(aWorkingSession(), toolStarted(), approvalRequested())
    expect(framesOf(frames, 'approval_requested')).toMatchObject([
      {
        request: {
          id: 'tool-1',
          session_id: SESSION_ID,
          type: 'exec',
          command: 'ls',
          tool_name: 'Bash',
          tool_input: '{"command":"ls"}',
          tool_use_id: 'tool-1',
          answerable: true,
          approval_version: 1,
        },
      },
    ])
    expect(changesIn(frames)).toMatchObject([
      { work_status: 'permission', pending_approval: { id: 'tool-1' }, last_activity_at: '1771668000Z' },
    ])
    expect(listFrames).toEqual(frames)
    expect(rows[0]).toMatchObject({
      put: {
        workStatus: 'permission',
        attentionReason: 'awaitingPermission',
        pendingApprovalId: 'tool-1',
        pendingToolName: 'Bash',
      },
    })
    expect(rows).toContainEqual(expect.objectContaining({ table: 'approvals', cwd: '/proj' }))
    expect(summaryOf(state)).toMatchObject({ has_pending_approval: true, pending_approval_id: 'tool-1' })
  })
  test('AP1 the status follows its kind', () => {
    const status = (kind: 'exec' | 'patch' | 'question') =>
      workStatus(report(aSession(), approvalRequested({ kind })).state)
    expect([status('exec'), status('patch'), status('question')]).toEqual(['permission', 'permission', 'question'])
  })
  test('AP1 a request of the main thread means a turn, one of a subagent does not', () => {
    expect(report(aSession(), approvalRequested()).state.currentTurnId).toBe('turn-1')
    expect(report(aSession(), approvalRequested({ agentId: 'agent-1' })).state.currentTurnId).toBeNull()
  })
  test('AP2 it takes the id of the newest open call with the same tool and input, whatever the order of its keys', () => {
    const tools = [
      aCall({ toolUseId: 'older', input: '{"command":"ls","timeout":5}' }),
      aCall({ toolUseId: 'newer', input: '{"command":"ls","timeout":5}' }),
      aCall({ toolUseId: 'other', input: '{"command":"rm","timeout":5}' }),
      aCall({ toolUseId: 'inner', input: '{"command":"ls","timeout":5}', agentId: 'agent-1' }),
    ]
    const { state } = report(
      aWorkingSession({ tools }),
      approvalRequested({ toolInput: '{"timeout":5,"command":"ls"}' }),
    )
    expect(state.approvals).toMatchObject([{ requestId: 'newer', toolUseId: 'newer' }])
  })
  test('AP2 without a call it takes the id of the event, and without that a number', () => {
    const first = report(aSession(), approvalRequested()).state
    expect(first.approvals).toMatchObject([{ requestId: 'event-1', toolUseId: null }])
    const second = report(first, approvalRequested({ eventId: null, toolInput: '{"command":"rm"}' })).state
    expect(second.approvals[1]?.requestId).toBe('approval-2')
  })
  test('AP2 two equal calls that run side by side are two requests', () => {
    const tools = [aCall({ toolUseId: 'one' }), aCall({ toolUseId: 'two' })]
    const { state } = report(aWorkingSession({ tools }), approvalRequested(), approvalRequested({ eventId: 'event-2' }))
    expect(state.approvals.map(({ requestId }) => requestId)).toEqual(['two', 'one'])
  })
  test('AP2 a call that asks a second time gets a new id, so that an old answer cannot meet it', () => {
    const asked = report(aWorkingSession(), toolStarted(), approvalRequested()).state
    const again = report(
      ask(asked, approve('approved', 'tool-1')).state,
      approvalRequested({ eventId: 'event-2' }),
    ).state
    expect(again.approvals).toMatchObject([{ requestId: 'tool-1:3', toolUseId: 'tool-1' }])
  })
  test('AP3 the same request again is the same entry: F-22', () => {
    const asked = report(aWorkingSession(), toolStarted(), approvalRequested()).state
    expect(report(asked, approvalRequested())).toMatchObject({ state: asked, effects: [] })
  })
  test('AP3 another hook that waits for it takes the place of the first, which may go', () => {
    const asked = report(aWorkingSession(), toolStarted(), approvalRequested({ answerable: false })).state
    const { state, actions, frames } = report(asked, approvalRequested({ eventId: 'event-2' }))
    expect(state.approvals).toMatchObject([{ requestId: 'tool-1', eventId: 'event-2', answerable: true }])
    expect(actions).toEqual([{ do: 'release', eventId: 'event-1' }])
    expect(framesOf(frames, 'approval_requested')).toMatchObject([{ request: { answerable: true } }])
  })
  test('AP3 after a restart the hook finds its request again by the event, though the call is forgotten', () => {
    const restored = aWorkingSession({ approvals: [anApproval({ answerable: false })], approvalVersion: 1 })
    const { state } = report(restored, approvalRequested())
    expect(state.approvals).toMatchObject([{ requestId: 'req-1', answerable: true }])
  })
  test('AP4 a request whose call is over shows no card and lets its hook go', () => {
    const { state, actions, frames } = report(aWorkingSession(), toolStarted(), toolFinished(), approvalRequested())
    expect(state.approvals).toEqual([])
    expect(framesOf(frames, 'approval_requested')).toEqual([])
    expect(actions).toEqual([{ do: 'release', eventId: 'event-1' }])
  })
  test('AP4 so does one that was taken back; one that was answered is left to its answer', () => {
    const asked = report(aWorkingSession(), approvalRequested()).state
    expect(report(asked, turnCompleted(), approvalRequested()).actions).toEqual([{ do: 'release', eventId: 'event-1' }])
    const decided = ask(asked, approve('approved', 'event-1')).state
    expect(report(decided, approvalRequested())).toMatchObject({ state: decided, effects: [] })
  })
  test('AP14 a full queue takes no more, and the hook may go', () => {
    const many = Array.from({ length: PENDING_APPROVALS_MAX }, (_, index) =>
      approvalRequested({ requestId: `req-${index}`, eventId: `event-${index}` }),
    )
    const full = report(aSession(), ...many).state
    const { state, actions } = report(full, approvalRequested({ requestId: 'one-more', eventId: 'event-more' }))
    expect(state.approvals).toEqual(full.approvals)
    expect(actions).toEqual([{ do: 'release', eventId: 'event-more' }])
  })
  test('AP15 the text of a plan is the question; a list of steps is the current plan', () => {
    const prose = report(aSession(), approvalRequested({ kind: 'question', plan: '# Ship it' })).state
    expect(prose).toMatchObject({ approvals: [{ question: '# Ship it' }], currentPlan: null })
    const plan = '[{"step":"Ship","status":"pending"}]'
    expect(report(aSession(), approvalRequested({ kind: 'question', plan })).state.currentPlan).toBe(plan)
  })
})

describe('the queue', () => {
  test('AP5 the oldest is shown, and the next is announced when it leaves: F-23', () => {
    const waiting = awaitingApproval('req-1', 'req-2')
    const { state, frames } = ask(waiting, approve())
    expect(state.approvals.map(({ requestId }) => requestId)).toEqual(['req-2'])
    expect(framesOf(frames, 'approval_requested')).toMatchObject([{ request: { id: 'req-2', approval_version: 3 } }])
    expect(changesIn(frames)).toMatchObject([{ work_status: 'permission', pending_approval: { id: 'req-2' } }])
  })
  test('AP5 a newer request leaves the card of the oldest alone', () => {
    const { frames, rows } = report(awaitingApproval(), approvalRequested({ requestId: 'req-2', eventId: 'event-2' }))
    expect(framesOf(frames, 'approval_requested')).toEqual([])
    expect(rows).toContainEqual(
      expect.objectContaining({ table: 'approvals', put: expect.objectContaining({ requestId: 'req-2' }) }),
    )
  })
  test('AP5 it can be answered out of order', () => {
    const { state } = ask(awaitingApproval('req-1', 'req-2'), approve('denied', 'req-2'))
    expect(state.approvals.map(({ requestId }) => requestId)).toEqual(['req-1'])
  })
  test('AP13 every change raises the version by one', () => {
    const versions = [
      approvalRequested({ requestId: 'a' }),
      approvalRequested({ requestId: 'b', eventId: 'event-2' }),
      turnCompleted(),
    ]
    let state = aWorkingSession()
    const seen = versions.map((event) => {
      state = report(state, event).state
      return state.approvalVersion
    })
    expect(seen).toEqual([1, 2, 3])
  })
})

describe('an answer', () => {
  test('AP6 it goes to the agent, into the history and to all clients', () => {
    const { state, actions, rows, frames } = ask(awaitingApproval(), approve())
    const decision = { verdict: 'approved', message: null, interrupt: false, updatedInput: null, answer: null } as const
    expect(actions).toEqual([{ do: 'decide', approval: anApproval(), decision }])
    expect(rows).toContainEqual({
      table: 'approvals',
      decide: { requestId: 'req-1', decision: 'approved', at: NOW, answer: decision },
    })
    expect(changesIn(frames)).toMatchObject([{ work_status: 'working', pending_approval: null }])
    expect(state.answered).toMatchObject([{ requestId: 'req-1', eventId: 'event-1', decision }])
  })
  test('AP6 a second answer is refused and changes nothing', () => {
    const decided = ask(awaitingApproval(), approve()).state
    for (const message of [approve(), approve('denied'), answer('yes')]) {
      const { state, effects } = ask(decided, message)
      expect(state).toBe(decided)
      expect(effects).toMatchObject([{ to: 'sender', frame: { type: 'error', code: 'approval_gone' } }])
    }
  })
  test('AP6 neither can what was taken back be answered', () => {
    const gone = report(awaitingApproval(), turnCompleted()).state
    expect(ask(gone, approve()).replies).toMatchObject([{ code: 'approval_gone' }])
  })
  test.each(['approved', 'approved_for_session', 'approved_always', ' Approved ', 'APPROVED_ALWAYS'])(
    'AP7 %p approves',
    (word) => {
      const [action] = ask(awaitingApproval(), approve(word)).actions
      expect(action).toMatchObject({ decision: { verdict: word.trim().toLowerCase() } })
    },
  )
  test.each(['denied', 'deny', 'no', '', 'approve', 'approved!', 'yes', 'answered', 'true'])(
    'AP7 %p denies: the original’s fault B-36 let all but one word through',
    (word) => {
      const [action] = ask(awaitingApproval(), approve(word)).actions
      expect(action).toMatchObject({ decision: { verdict: 'denied', interrupt: false } })
    },
  )
  test('AP7 abort denies and interrupts, unless the client says otherwise: F-01', () => {
    expect(ask(awaitingApproval(), approve('abort')).actions[0]).toMatchObject({
      decision: { verdict: 'abort', interrupt: true },
    })
    const gentle = approve('abort', 'req-1', { interrupt: false })
    expect(ask(awaitingApproval(), gentle).actions[0]).toMatchObject({
      decision: { verdict: 'abort', interrupt: false },
    })
  })
  test('AP7 the words of the client travel with it', () => {
    const message = {
      ...approve('denied'),
      message: 'use trash',
      updated_input: { command: 'trash' },
    } as SessionMessage
    expect(ask(awaitingApproval(), message).actions[0]).toMatchObject({
      decision: { message: 'use trash', updatedInput: '{"command":"trash"}' },
    })
  })
  test('AP8 the agent works on after a yes, and after a no that does not interrupt it', () => {
    expect(workStatus(ask(awaitingApproval(), approve()).state)).toBe('working')
    expect(workStatus(ask(awaitingApproval(), approve('denied')).state)).toBe('working')
  })
  test('AP8 a refusal that interrupts ends the turn and takes back what else it asked: G02', () => {
    const message = approve('denied', 'req-1', { interrupt: true })
    const { state, frames, actions } = ask(awaitingApproval('req-1', 'req-2'), message)
    expect(state).toMatchObject({ phase: { name: 'idle' }, currentTurnId: null, approvals: [] })
    expect(changesIn(frames)).toMatchObject([{ work_status: 'waiting', pending_approval: null }])
    expect(actions).toMatchObject([{ do: 'decide' }, { do: 'release', eventId: 'event-2' }])
  })
  test('AP8 an answered question leaves the queue, the history and the status: the original’s fault B-08', () => {
    const asked = aWorkingSession({ approvals: [anApproval({ kind: 'question' })], approvalVersion: 1 })
    const { state, actions, rows } = ask(asked, answer('yes'))
    expect(workStatus(state)).toBe('working')
    expect(actions).toMatchObject([{ do: 'decide', decision: { verdict: 'answered', answer: 'yes' } }])
    expect(rows).toContainEqual(expect.objectContaining({ decide: expect.objectContaining({ decision: 'answered' }) }))
  })
  test('AP9 an unknown request is refused and changes nothing: the original’s fault B-85', () => {
    const waiting = awaitingApproval()
    const { state, effects } = ask(waiting, approve('approved', 'never'))
    expect(state).toBe(waiting)
    expect(effects).toMatchObject([{ to: 'sender', frame: { code: 'not_found', session_id: SESSION_ID } }])
  })
  test('AP9 what only the terminal can answer is refused', () => {
    const waiting = aWorkingSession({ approvals: [anApproval({ answerable: false, eventId: null })] })
    for (const message of [approve(), answer('yes')])
      expect(ask(waiting, message)).toMatchObject({ state: waiting, replies: [{ code: 'answer_in_terminal' }] })
  })
})

describe('a request that nobody needs to answer', () => {
  test('AP10 it is taken back with the result of its call: answered in the terminal', () => {
    const asked = report(aWorkingSession(), toolStarted(), approvalRequested()).state
    const { state, rows, actions, frames } = report(asked, toolFinished())
    expect(workStatus(state)).toBe('working')
    expect(rows).toContainEqual({
      table: 'approvals',
      decide: { requestId: 'tool-1', decision: 'answered_in_terminal', at: NOW },
    })
    expect(actions).toEqual([{ do: 'release', eventId: 'event-1' }])
    expect(changesIn(frames)).toMatchObject([{ work_status: 'working', pending_approval: null }])
  })
  test('AP10 a result without an id finds it through the call: O01', () => {
    const asked = report(aWorkingSession(), toolStarted(), approvalRequested()).state
    expect(report(asked, toolFinished({ toolUseId: null })).state.approvals).toEqual([])
  })
  test('AP10 the result of a call that was never announced finds it by what was asked', () => {
    const asked = report(aWorkingSession(), approvalRequested()).state
    expect(report(asked, toolFinished({ input: '{"command":"rm"}' })).state.approvals).toHaveLength(1)
    expect(report(asked, toolFinished()).state.approvals).toEqual([])
  })
  test('AP10 the answers to a question, which its result tells, do not hide what was asked', () => {
    const name = 'AskUserQuestion'
    const question = (text: string, rest = {}) => JSON.stringify({ questions: [{ question: text }], ...rest })
    const request = approvalRequested({ kind: 'question', toolName: name, toolInput: question('Which?') })
    const asked = report(aWorkingSession(), request).state
    const result = (text: string) => toolFinished({ name, input: question(text, { answers: { [text]: 'This' } }) })
    expect(report(asked, result('Why?')).state.approvals).toHaveLength(1)
    expect(report(asked, result('Which?')).state.approvals).toEqual([])
  })
  test.each([
    prompt(),
    turnCompleted(),
    turnCompleted({ background: true }),
    { type: 'turn_aborted', reason: 'interrupted' } as const,
    { type: 'turn_failed', code: 'unknown', message: 'x' } as const,
    ended(),
  ])('AP10 $type takes it back, the original’s fault B-34 left it on the screen', (event) => {
    const { state, actions } = report(awaitingApproval(), event)
    expect(state.approvals).toEqual([])
    expect(actions).toEqual([{ do: 'release', eventId: 'event-1' }])
  })
  test('AP10 the end of a turn leaves what a subagent asks', () => {
    const approvals = [anApproval({ agentId: 'agent-1' })]
    const { state } = report(aWorkingSession({ approvals }), turnCompleted())
    expect(workStatus(state)).toBe('permission')
    expect(workStatus(report(state, { type: 'approval_withdrawn', requestId: 'req-1', eventId: null }).state)).toBe(
      'waiting',
    )
  })
  test('AP11 the agent takes it back, by its id or by that of the hook', () => {
    const waiting = awaitingApproval('req-1', 'req-2')
    const byEvent = report(waiting, { type: 'approval_withdrawn', requestId: null, eventId: 'event-1' })
    expect(framesOf(byEvent.frames, 'approval_requested')).toMatchObject([{ request: { id: 'req-2' } }])
    const byId = report(byEvent.state, { type: 'approval_withdrawn', requestId: 'req-2', eventId: null })
    expect(changesIn(byId.frames)).toMatchObject([{ work_status: 'working', pending_approval: null }])
    expect(report(byId.state, { type: 'approval_withdrawn', requestId: 'req-2', eventId: null }).frames).toEqual([])
  })
})

describe('an agent that says it waits', () => {
  test('AP12 the status says so until the agent goes on, and no card is made up', () => {
    const { state, frames, rows } = report(aWorkingSession(), { type: 'attention_noted', reason: 'permission' })
    expect(changesIn(frames)).toMatchObject([{ work_status: 'permission' }])
    expect(framesOf(frames, 'approval_requested')).toEqual([])
    expect(rows[0]).toMatchObject({ put: { workStatus: 'permission', attentionReason: 'awaitingPermission' } })
    for (const event of [toolStarted(), toolFinished(), prompt(), { type: 'turn_started' } as const])
      expect(workStatus(report(state, event).state)).toBe('working')
    expect(workStatus(report(state, turnCompleted()).state)).toBe('waiting')
  })
  test('AP12 a request that is known says it better', () => {
    const waiting = awaitingApproval()
    expect(report(waiting, { type: 'attention_noted', reason: 'question' }).state).toBe(waiting)
    const noted = report(aWorkingSession(), { type: 'attention_noted', reason: 'permission' }).state
    expect(workStatus(ask(report(noted, approvalRequested()).state, approve('approved', 'event-1')).state)).toBe(
      'working',
    )
  })
  test('AP16 one that waits for a prompt has finished its turn', () => {
    const { state } = report(aWorkingSession(), { type: 'attention_noted', reason: 'reply' })
    expect(state).toMatchObject({ phase: { name: 'idle' }, currentTurnId: null })
  })
})
