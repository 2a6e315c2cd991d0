import { describe, expect, test } from 'bun:test'
import { QUEUED_PROMPTS_MAX, QUEUED_SHOWN_CHARS_MAX } from '../../src/session/limits.ts'
import { restoreSession } from '../../src/session/restore.ts'
import type { SessionState } from '../../src/session/state.ts'
import { storedSession } from '../../src/session/stored-session.ts'
import { snapshotOf } from '../../src/session/view.ts'
import { aDirectSession, awaitingApproval, NOW, SESSION_ID, send, turnCompleted } from '../support/builders.ts'
import { ask, changesIn, framesOf, report } from './history.ts'

const session_id = SESSION_ID
const aborted = { type: 'turn_aborted', reason: 'interrupted' } as const
const release = { type: 'release_queue', session_id } as const
const queued = ({ queue }: SessionState) => queue.map(({ content }) => content)
/** At work for the first prompt, with these behind it. */
const busyWith = (...texts: string[]) => ask(aDirectSession(), send('first'), ...texts.map((text) => send(text))).state

describe('prompts that wait', () => {
  test('QU1 a prompt goes out at once, and the next one waits', () => {
    const first = ask(aDirectSession(), send('first'))
    expect(first.actions).toMatchObject([{ do: 'send', content: 'first' }])
    const second = ask(first.state, send('second', { model: 'opus' }))
    expect(second.actions).toEqual([])
    expect(framesOf(second.frames, 'message_appended')).toEqual([])
    expect(changesIn(second.frames)).toMatchObject([{ queued_prompts: [{ content: 'second', model: 'opus' }] }])
    expect(second.listFrames).toEqual([])
  })
  test('QU1 while the agent asks something a prompt waits, too', () => {
    const asking = { ...awaitingApproval(), integrationMode: 'direct' } as const
    expect(queued(ask(asking, send('next')).state)).toEqual(['next'])
  })
  test('QU2 each goes out when the one before is done, in order, and is a row then', () => {
    const next = report(busyWith('second', 'third'), turnCompleted())
    expect(next.actions).toMatchObject([{ do: 'send', content: 'second' }])
    expect(framesOf(next.frames, 'message_appended')).toMatchObject([{ message: { content: 'second' } }])
    expect(queued(next.state)).toEqual(['third'])
    const last = report(next.state, turnCompleted())
    expect(last.actions).toMatchObject([{ do: 'send', content: 'third' }])
    expect(report(last.state, turnCompleted()).actions).toEqual([])
  })
  test('QU3 a turn that was stopped holds the queue until somebody releases it', () => {
    const held = report(busyWith('second'), aborted)
    expect(held.actions).toEqual([])
    expect(changesIn(held.frames)).toContainEqual({ queue_held: true })
    const released = ask(held.state, release)
    expect(released.actions).toMatchObject([{ do: 'send', content: 'second' }])
    expect(released.state).toMatchObject({ queue: [], queueHeld: false })
  })
  test('QU3 so does a turn that failed', () => {
    const failed = { type: 'turn_failed', code: 'server_error', message: 'Overloaded' } as const
    expect(report(busyWith('second'), failed)).toMatchObject({ actions: [], state: { queueHeld: true } })
  })
  test('QU3 a new prompt does not wait for those that are held', () => {
    const held = report(busyWith('second'), aborted).state
    const { actions, state } = ask(held, send('something else'))
    expect(actions).toMatchObject([{ do: 'send', content: 'something else' }])
    expect(report(state, turnCompleted()).actions).toEqual([])
    expect(queued(state)).toEqual(['second'])
  })
  test('QU3 what waited for a server that died is held', () => {
    const busy = busyWith('second')
    const stored = { ...storedSession(busy), revisionCeiling: 0 }
    const beside = { approvals: [], answered: [], subagents: [], turnDiffs: [], reviewComments: [], now: NOW }
    const restored = restoreSession(SESSION_ID, stored, { ...beside, queue: busy.queue })
    expect(restored).toMatchObject({ queue: [{ content: 'second' }], queueHeld: true })
  })
  test('QU4 what waits is changed in its place, and taken out', () => {
    const busy = busyWith('second', 'third')
    const [second, third] = busy.queue.map(({ id }) => id)
    const edit = { type: 'edit_queued_prompt', session_id, queued_id: second ?? '', content: 'other' } as const
    const edited = ask(busy, edit)
    expect(queued(edited.state)).toEqual(['other', 'third'])
    expect(edited.rows).toMatchObject([{ table: 'queued_prompts', put: { id: second, content: 'other' } }])
    const remove = { type: 'remove_queued_prompt', session_id, queued_id: third ?? '' } as const
    const removed = ask(edited.state, remove)
    expect(queued(removed.state)).toEqual(['other'])
    expect(removed.rows).toEqual([{ table: 'queued_prompts', remove: third ?? '' }])
    expect(ask(removed.state, remove).replies).toMatchObject([{ code: 'not_found' }])
  })
  test('QU5 a full queue takes no more', () => {
    const full = busyWith(...Array.from({ length: QUEUED_PROMPTS_MAX }, (_, index) => `prompt ${index}`))
    const { state, replies } = ask(full, send('one more'))
    expect(replies).toMatchObject([{ code: 'queue_full' }])
    expect(state).toBe(full)
  })
  test('QU6 clients see the beginning of a long one; the agent gets all of it', () => {
    const text = 'x'.repeat(QUEUED_SHOWN_CHARS_MAX + 1)
    const busy = busyWith(text)
    const [shown] = snapshotOf(busy, [], 1).queued_prompts ?? []
    expect(shown).toMatchObject({ is_truncated: true, image_count: 0 })
    expect(shown?.content).toHaveLength(QUEUED_SHOWN_CHARS_MAX)
    expect(report(busy, turnCompleted()).actions).toMatchObject([{ do: 'send', content: text }])
  })
})
