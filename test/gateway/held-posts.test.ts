import { describe, expect, test } from 'bun:test'
import { HeldPosts } from '../../src/gateway/held-posts.ts'
import { HELD_POSTS_MAX } from '../../src/lib/limits.ts'

const stay = () => new AbortController().signal

describe('held posts', () => {
  test('get the answer, all that wait for the same event', async () => {
    const held = new HeldPosts(() => {})
    const [first, second] = [held.wait('s', 'e1', stay()), held.wait('s', 'e1', stay())]
    held.answer('e1', '{"ok":true}')
    expect(await (await first).json()).toEqual({ ok: true })
    expect((await second).headers.get('content-type')).toBe('application/json')
    expect(held.size).toBe(0)
  })

  test('go without an answer when it is empty', async () => {
    const held = new HeldPosts(() => {})
    const post = held.wait('s', 'e1', stay())
    held.answer('e1', '')
    expect((await post).status).toBe(204)
  })

  test('that go away and do not come back are lost', async () => {
    const lost = Promise.withResolvers<string>()
    const held = new HeldPosts((sessionId, eventId) => lost.resolve(`${sessionId} ${eventId}`))
    const leaving = new AbortController()
    void held.wait('s', 'e1', leaving.signal)
    leaving.abort()
    expect(await lost.promise).toBe('s e1')
    expect(held.size).toBe(0)
  })

  test('that come back within the grace are not lost', async () => {
    const held = new HeldPosts(() => {
      throw new Error('must not be lost')
    })
    const leaving = new AbortController()
    void held.wait('s', 'e1', leaving.signal)
    leaving.abort()
    const again = held.wait('s', 'e1', stay())
    held.answer('e1', 'yes')
    expect(await (await again).text()).toBe('yes')
  })

  test('are bounded, and told to ask again when the server stops', async () => {
    const held = new HeldPosts(() => {})
    const posts = Array.from({ length: HELD_POSTS_MAX }, (_, index) => held.wait('s', `e${index}`, stay()))
    expect((await held.wait('s', 'one more', stay())).status).toBe(503)
    held.close()
    expect(new Set(await Promise.all(posts.map(async (post) => (await post).status)))).toEqual(new Set([503]))
  })
})
