import { describe, expect, test } from 'bun:test'
import { type ListedSession, SessionList } from '../../src/gateway/session-list.ts'
import { LIST_BYTES_MAX, LIST_SESSIONS_MAX } from '../../src/lib/limits.ts'

const listed = (sessionId: string, activity: number, filler = ''): ListedSession => ({
  sessionId,
  activity,
  summary: JSON.stringify({ id: sessionId, filler }),
})
const idsIn = (list: SessionList) =>
  (JSON.parse(list.frame()) as { sessions: { id: string }[] }).sessions.map(({ id }) => id)

describe('the list of sessions', () => {
  test('has active ones first, then ended ones, the latest activity first', () => {
    const list = new SessionList(() => [listed('ended-new', -9), listed('active-old', 1), listed('ended-old', -3)])
    list.put(listed('active-new', 5))
    expect(idsIn(list)).toEqual(['active-new', 'active-old', 'ended-new', 'ended-old'])
  })

  test('believes what it was told over what is stored, and each session once', () => {
    const list = new SessionList(() => [listed('s1', 1, 'stored'), listed('s2', 2)])
    list.put(listed('s1', -3, 'told'))
    expect(list.frame()).toContain('told')
    expect(list.frame()).not.toContain('stored')
    expect(idsIn(list)).toEqual(['s2', 's1'])
    list.put(listed('s1', 4, 'back'))
    expect(idsIn(list)).toEqual(['s1', 's2'])
  })

  test('is read from the database once', () => {
    let reads = 0
    const list = new SessionList(() => {
      reads++
      return []
    })
    list.frame()
    list.put(listed('s1', 1))
    list.frame()
    expect(reads).toBe(1)
  })

  test('fits into a frame the app can read, the sessions that need somebody first', () => {
    const list = new SessionList(() => [])
    for (let index = 0; index < 1_000; index++) list.put(listed(`ended-${index}`, -index - 1, 'ä'.repeat(700)))
    list.put(listed('active', 1))
    expect(Buffer.byteLength(list.frame())).toBeLessThanOrEqual(LIST_BYTES_MAX)
    expect(idsIn(list)[0]).toBe('active')
    expect(idsIn(list).length).toBeGreaterThan(500)
  })

  test('does not grow with every session that ever was, also when nobody looks', () => {
    const list = new SessionList(() => [])
    for (let index = 0; index < 3 * LIST_SESSIONS_MAX; index++) list.put(listed(`s${index}`, -index - 1))
    expect(list.size).toBeLessThanOrEqual(2 * LIST_SESSIONS_MAX)
  })
})
