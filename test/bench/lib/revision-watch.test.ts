/** The watch over revisions must be able to fail. */
import { expect, test } from 'bun:test'
import { RevisionWatch } from './revision-watch.ts'

const frame = (revision: number, text = '') =>
  JSON.stringify({ type: 'session_delta', session_id: 's', changes: { last_message: text }, revision })
const snapshot = (revision: number) =>
  JSON.stringify({ type: 'session_snapshot', session: { id: 's', revision }, messages: [] })

function faultsOf(...frames: readonly string[]) {
  const watch = new RevisionWatch(['s'])
  for (const each of frames) watch.hear(each)
  return watch.faults
}

test('revisions that grow over snapshots and frames are right', () => {
  expect(faultsOf(snapshot(7), frame(8), frame(12), snapshot(12), frame(13))).toEqual({ reused: 0, backwards: 0 })
})

test('one revision with two frames is reused', () => {
  expect(faultsOf(frame(8, 'first'), frame(8, 'second'))).toEqual({ reused: 1, backwards: 1 })
})

test('a frame or snapshot that is older than what was seen goes backwards', () => {
  expect(faultsOf(frame(8), frame(7))).toEqual({ reused: 0, backwards: 1 })
  expect(faultsOf(frame(8), snapshot(7))).toEqual({ reused: 0, backwards: 1 })
})

test('other sessions and frames without a revision do not matter', () => {
  const other = JSON.stringify({ type: 'session_delta', session_id: 'other', revision: 1 })
  expect(faultsOf(frame(8), other, '{"type":"hello"}', frame(9))).toEqual({ reused: 0, backwards: 0 })
})
