import { describe, expect, test } from 'bun:test'
import { restoreSession } from '../../src/session/restore.ts'
import type { SessionState, StoredSession } from '../../src/session/state.ts'
import { storedSession } from '../../src/session/stored-session.ts'
import { summaryOf, workStatus } from '../../src/session/view.ts'
import {
  anApproval,
  anEndedSession,
  approve,
  aSession,
  aWorkingSession,
  awaitingApproval,
  NOW,
  prompt,
  SESSION_ID,
  toolStarted,
  turnCompleted,
} from '../support/builders.ts'
import { ask, report } from './history.ts'

const nothing = { approvals: [], answered: [], subagents: [], turnDiffs: [], reviewComments: [], now: NOW }
const stored = (state: SessionState, over: Partial<StoredSession> = {}): StoredSession => ({
  ...storedSession(state),
  revisionCeiling: 0,
  ...over,
})
/** What a restart makes of a session. */
const again = ({ approvals, answered, subagents, turnDiffs, reviewComments, ...state }: SessionState): SessionState =>
  restoreSession(SESSION_ID, stored({ ...state, approvals, answered, subagents, turnDiffs, reviewComments }), {
    approvals,
    answered,
    subagents,
    turnDiffs,
    reviewComments,
    now: NOW,
  })

describe('a session that is restored', () => {
  const asking = report(
    aWorkingSession(),
    toolStarted({ name: 'AskUserQuestion', input: '{"question":"Ship?"}' }),
  ).state
  test.each([
    ['idle', aSession()],
    ['working', aWorkingSession()],
    ['waiting for permission', awaitingApproval('req-1', 'req-2')],
    ['waiting for an answer', aWorkingSession({ approvals: [anApproval({ kind: 'question', question: 'Ship?' })] })],
    ['noted to wait', aWorkingSession({ attention: 'permission' })],
    ['asking through a tool', asking],
    ['asking with its turn over', report(asking, turnCompleted()).state],
    ['ended', anEndedSession()],
    ['waiting for a subagent', aSession({ approvals: [anApproval({ agentId: 'agent-1' })] })],
  ])('SN6 one that was %s looks the same', (_, state) => {
    expect(summaryOf(again(state))).toEqual(summaryOf(state))
    expect(storedSession(again(state))).toEqual(storedSession(state))
  })
  test('SN6 its pending approval can still be answered, once: the original’s fault B-03 lost it', () => {
    const { state, actions } = ask(again(awaitingApproval()), approve())
    expect(actions).toMatchObject([{ do: 'decide', approval: { eventId: 'event-1' } }])
    expect(ask(again(state), approve()).replies).toMatchObject([{ code: 'approval_gone' }])
  })
  test('SN6 its turns go on: the original’s fault B-11 began again at the number of diffs', () => {
    const turnDiffs = [{ turnId: 'turn-7', diff: 'D', tokens: null }]
    const restored = restoreSession(SESSION_ID, stored(aSession()), { ...nothing, turnDiffs })
    expect(report(restored, prompt()).state.currentTurnId).toBe('turn-8')
  })
  test('SN6 a turn whose session waits is over', () => {
    const odd = stored(aWorkingSession(), { workStatus: 'waiting' })
    expect(restoreSession(SESSION_ID, odd, nothing)).toMatchObject({ phase: { name: 'idle' }, currentTurnId: null })
  })
  test('SN6 the word of later servers for a finished turn means waiting', () => {
    expect(workStatus(restoreSession(SESSION_ID, stored(aSession(), { workStatus: 'reply' }), nothing))).toBe('waiting')
  })
  test('SN6 a question that is left in the row of a session that waits for nothing is none', () => {
    const odd = stored(aSession(), { pendingQuestion: 'Ship?' })
    expect(workStatus(restoreSession(SESSION_ID, odd, nothing))).toBe('waiting')
  })
  test('SN6 an ended one waits for nobody, whatever is left in its row', () => {
    const odd = stored(anEndedSession(), { pendingQuestion: 'Ship?', endReason: null })
    const restored = restoreSession(SESSION_ID, odd, { ...nothing, approvals: [anApproval()] })
    expect(restored).toMatchObject({ phase: { name: 'ended', reason: 'unknown' }, approvals: [], asking: null })
  })
})
