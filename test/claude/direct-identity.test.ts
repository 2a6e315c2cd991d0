/** One conversation is one row, whatever its hooks and its records call it, and in whichever order they come. */
import { expect } from 'bun:test'
import type { TestClient } from '../support/test-client.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'

directTest('a cleared conversation stays one row, and goes on after a restart', async (world) => {
  const first = await world.serve()
  const { id } = await world.createSession(first)
  first.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(first, id, HELLO)
  first.send({ type: 'send_message', session_id: id, content: '/clear' })
  await first.waitForView(
    id,
    'the end of the command',
    ({ messages, work_status }) => work_status === 'waiting' && messages.some(({ content }) => content === '/clear'),
  )
  first.send({ type: 'send_message', session_id: id, content: '[s:long] Go' })
  await turnEndedWith(first, id, 'and so on '.repeat(200))
  expect(await listed(first)).toEqual([id])
  await world.server.restart()

  const client = await world.server.client()
  await client.follow(id)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello again' })
  await turnEndedWith(client, id, HELLO)
  expect(await listed(client)).toEqual([id])
})

directTest('a Claude that the driven one starts is a session of its own', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { allowed_tools: ['Bash'] })
  world.nest('[s:plain] Hello from inside')
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-nested] Go' })
  const { session } = await client.expect('session_created', ({ session: row }) => row.id !== id)
  expect(session.claude_integration_mode).toBeUndefined()
  await turnEndedWith(client, id, 'It has been asked.')
  const nested = await client.follow(session.id)
  expect(conversationOf(nested)).toContain('user: [s:plain] Hello from inside')
})

async function listed(client: TestClient): Promise<readonly string[]> {
  client.send({ type: 'subscribe_list' })
  const { sessions } = await client.expect('sessions_list', ({ sessions: rows }) => rows.length > 0)
  return sessions.map(({ id }) => id)
}
