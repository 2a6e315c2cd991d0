import { describe, expect, test } from 'bun:test'
import {
  FRAME_BYTES_MAX,
  INLINE_IMAGE_CHARS_MAX,
  SNAPSHOT_MESSAGES_MAX,
  TEXT_CHARS_MAX,
  TURN_DIFFS_MAX,
} from '../../src/lib/limits.ts'
import type { Message } from '../../src/protocol/model/message.ts'
import { SessionState as SessionSnapshot } from '../../src/protocol/model/session.ts'
import type { SessionState } from '../../src/session/state.ts'
import { CUT_MARK } from '../../src/session/text.ts'
import { snapshotOf, wireMessage } from '../../src/session/view.ts'
import { aMessage, anApproval, aSession, aToolMessage, aWorkingSession, SESSION_ID } from '../support/builders.ts'

const messages = (count: number, over: Parameters<typeof aMessage>[0] = {}): readonly Message[] =>
  Array.from({ length: count }, (_, index) =>
    wireMessage(SESSION_ID, aMessage({ id: `${SESSION_ID}:row-${index}`, ...over })),
  )

/** The snapshot, after a check of what must hold of every one. */
function snapshot(state: SessionState, rows: readonly Message[]) {
  const session = snapshotOf(state, rows, 7)
  SessionSnapshot.parse(session)
  expect(Buffer.byteLength(JSON.stringify({ type: 'session_snapshot', session }))).toBeLessThanOrEqual(FRAME_BYTES_MAX)
  return session
}

describe('a snapshot', () => {
  test('SN1 it holds the newest messages, and says which revision they include', () => {
    const session = snapshot(aSession(), messages(SNAPSHOT_MESSAGES_MAX + 5))
    expect(session.messages).toHaveLength(SNAPSHOT_MESSAGES_MAX)
    expect(session.messages.at(-1)?.id).toBe(`${SESSION_ID}:row-${SNAPSHOT_MESSAGES_MAX + 4}`)
    expect(session.revision).toBe(7)
  })
  test('SN1 a long text is cut and marked: C03', () => {
    const [message] = snapshot(aSession(), messages(1, { content: 'x'.repeat(20_000) })).messages
    expect(message?.content).toBe('x'.repeat(TEXT_CHARS_MAX) + CUT_MARK)
  })
  test('SN1 many long texts become shorter until they fit: C04, B-82', () => {
    const session = snapshot(aSession(), messages(SNAPSHOT_MESSAGES_MAX, { content: 'x'.repeat(20_000) }))
    expect(session.messages).toHaveLength(SNAPSHOT_MESSAGES_MAX)
    expect(session.messages[0]?.content.length).toBeGreaterThan(2_000)
  })
  test('SN1 it is measured in bytes, not in characters', () => {
    const wide = { content: '語'.repeat(20_000), toolOutput: '\u0001'.repeat(20_000), toolInput: '語'.repeat(20_000) }
    expect(snapshot(aSession(), messages(SNAPSHOT_MESSAGES_MAX, wide)).messages.length).toBeGreaterThan(10)
  })
  test('SN1 where short texts are still too much there are fewer rows, the newest', () => {
    const id = 'x'.repeat(20_000)
    const session = snapshot(
      aSession(),
      messages(SNAPSHOT_MESSAGES_MAX, {
        id,
        toolName: '\u0001'.repeat(20_000),
        content: '\u0001'.repeat(20_000),
        toolOutput: '\u0001'.repeat(20_000),
        timestamp: '\u0001'.repeat(20_000),
      }),
    )
    expect(session.messages.length).toBeGreaterThan(10)
    expect(session.messages.length).toBeLessThan(SNAPSHOT_MESSAGES_MAX)
  })
  test('SN2 the input of a tool is still an object that clients can show', () => {
    const toolInput = JSON.stringify({ file_path: '/a.ts', content: 'x'.repeat(30_000) })
    const [message] = snapshot(aSession(), [wireMessage(SESSION_ID, aToolMessage({ toolInput }))]).messages
    expect(JSON.parse(message?.tool_input ?? '')).toMatchObject({ file_path: '/a.ts' })
  })
  test('SN2 so is the plan, and both it and the diff have twice the room', () => {
    const currentPlan = JSON.stringify([{ step: 'x'.repeat(40_000), status: 'pending' }])
    const session = snapshot(aSession({ currentPlan, currentDiff: 'd'.repeat(40_000) }), [])
    expect(JSON.parse(session.current_plan ?? '')).toMatchObject([{ status: 'pending' }])
    expect(session.current_diff).toBe('d'.repeat(2 * TEXT_CHARS_MAX) + CUT_MARK)
  })
  test('SN3 a turn has one diff, and only the newest diffs are there: F-14', () => {
    const turnDiffs = Array.from({ length: TURN_DIFFS_MAX + 9 }, (_, index) => ({
      turnId: `turn-${Math.floor(index / 2)}`,
      diff: `${index}`,
      tokens: null,
    }))
    const diffs = snapshot(aSession({ turnDiffs }), []).turn_diffs ?? []
    expect(new Set(diffs.map(({ turn_id }) => turn_id)).size).toBe(diffs.length)
    expect(diffs.at(-1)).toEqual({ turn_id: 'turn-44', diff: '88' })
    expect(diffs.length).toBeLessThanOrEqual(TURN_DIFFS_MAX)
  })
  test('SN4 a large inline picture is left out, a path stays', () => {
    const small = { input_type: 'path', value: '/data/images/a.png' }
    const large = { input_type: 'url', value: `data:image/png;base64,${'A'.repeat(INLINE_IMAGE_CHARS_MAX)}` }
    const rows = [...messages(1, { images: [small, large] }), ...messages(1, { images: [large] })]
    expect(snapshot(aSession(), rows).messages.map(({ images }) => images)).toEqual([[small], undefined])
  })
  test('SN5 the pending approval is in it: the original’s fault B-02 always said that there is none', () => {
    const state = aWorkingSession({ approvals: [anApproval(), anApproval({ requestId: 'req-2' })], approvalVersion: 4 })
    const session = snapshot(state, [])
    expect(session).toMatchObject({
      work_status: 'permission',
      pending_approval_id: 'req-1',
      pending_approval: { id: 'req-1', approval_version: 4 },
    })
    expect(snapshot(aSession(), []).pending_approval).toBeNull()
  })
})
