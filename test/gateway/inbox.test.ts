import { describe, expect, test } from 'bun:test'
import { Inbox } from '../../src/gateway/inbox.ts'
import { SOCKET_INBOX_CHARS_MAX, SOCKET_INBOX_MAX } from '../../src/lib/limits.ts'

function anInbox() {
  const world = { ready: true, handled: [] as string[] }
  const inbox = new Inbox({ ready: () => world.ready, handle: (message) => world.handled.push(message) })
  return { world, inbox }
}

describe('the inbox of a client', () => {
  test('deals with messages at once, and in order when it has to wait', () => {
    const { world, inbox } = anInbox()
    inbox.push('one')
    world.ready = false
    inbox.push('two')
    inbox.push('three')
    expect(world.handled).toEqual(['one'])
    world.ready = true
    inbox.pump()
    inbox.push('four')
    expect(world.handled).toEqual(['one', 'two', 'three', 'four'])
  })

  test('stays in order when handling a message makes room for the next', () => {
    const handled: string[] = []
    const inbox: Inbox = new Inbox({
      ready: () => true,
      handle: (message) => {
        handled.push(message)
        inbox.pump()
      },
    })
    for (const message of ['one', 'two', 'three']) inbox.push(message)
    expect(handled).toEqual(['one', 'two', 'three'])
  })

  test('refuses more than so many messages, and more than so many characters', () => {
    const { world, inbox } = anInbox()
    world.ready = false
    for (let index = 0; index < SOCKET_INBOX_MAX; index++) expect(inbox.push('x')).toBe(true)
    expect(inbox.push('x')).toBe(false)
    inbox.clear()
    expect(inbox.push('x'.repeat(SOCKET_INBOX_CHARS_MAX))).toBe(true)
    expect(inbox.push('x')).toBe(false)
  })
})
