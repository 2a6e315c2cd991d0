/** A conversation goes on twice: whole, from a prompt on, and without its source noticing. */
import { expect } from 'bun:test'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { gone, processesWith } from '../support/processes.ts'
import type { TestClient } from '../support/test-client.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'
const LONG = 'and so on '.repeat(200)

/** The snapshot with which a fork is answered, and what follows it. */
async function forked(client: TestClient, sourceId: string, wish: object = {}): Promise<SessionState> {
  client.send({ type: 'fork_session', source_session_id: sourceId, ...wish })
  const { session } = await client.expect('session_snapshot')
  await client.expect('session_forked', ({ new_session_id }) => new_session_id === session.id)
  return session
}

directTest('a fork shows the history at once, and the model has it in mind', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { model: 'claude-sonnet-4-5', allowed_tools: ['Bash'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:bash] One' })
  const source = await turnEndedWith(client, id, 'It said hello.')
  client.send({ type: 'fork_session', source_session_id: id })
  const { session } = await client.expect('session_snapshot')
  expect(session).toMatchObject({
    forked_from_session_id: id,
    project_path: world.home.project,
    claude_integration_mode: 'direct',
    status: 'active',
    work_status: 'waiting',
    first_prompt: '[s:bash] One',
  })
  expect(conversationOf(session)).toEqual(conversationOf(source))
  const ids = source.messages.map((row) => row.id.replace(id, session.id))
  expect(session.messages.map((row) => row.id)).toEqual(ids)
  const forked = await client.expect('session_forked')
  expect(forked).toMatchObject({ source_session_id: id, new_session_id: session.id })

  client.send({ type: 'send_message', session_id: session.id, content: '[s:long] Two' })
  const view = await turnEndedWith(client, session.id, LONG)
  expect(conversationOf(view)).toEqual([...conversationOf(source), 'user: [s:long] Two', `assistant: ${LONG}`])
  expect(world.model.lastSaid).toEqual([
    'user: [s:bash] One',
    'assistant: I will run a command.',
    'assistant: It said hello.',
    'user: [s:long] Two',
  ])
  expect(conversationOf(client.view(id))).toEqual(conversationOf(source))
})

directTest('a fork before a prompt has exactly what was said before it', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] One' })
  await turnEndedWith(client, id, HELLO)
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Two' })
  await turnEndedWith(client, id, LONG)
  const one = ['user: [s:plain] One', `assistant: ${HELLO}`]

  const second = await forked(client, id, { nth_user_message: 1 })
  expect(conversationOf(second)).toEqual(one)
  // Nothing of it is written before its first prompt: the server alone knows where it goes on.
  await world.server.kill9()
  const later = await world.serve()
  expect(conversationOf(await later.follow(second.id))).toEqual(one)
  later.send({ type: 'send_message', session_id: second.id, content: '[s:long] Other' })
  await turnEndedWith(later, second.id, LONG)
  expect(world.model.lastSaid).toEqual([...one, 'user: [s:long] Other'])

  const first = await forked(later, id, { nth_user_message: 0 })
  expect(first.messages).toEqual([])
  later.send({ type: 'send_message', session_id: first.id, content: '[s:plain] New' })
  await turnEndedWith(later, first.id, HELLO)
  expect(world.model.lastSaid).toEqual(['user: [s:plain] New'])
})

directTest(
  'a session at work is forked without the turn that runs, and a fork of a fork goes back in it',
  async (world) => {
    const client = await world.serve()
    const { id } = await world.createSession(client)
    client.send({ type: 'send_message', session_id: id, content: '[s:plain] One' })
    await turnEndedWith(client, id, HELLO)
    const middle = world.model.hold('long', 0, 'middle')
    client.send({ type: 'send_message', session_id: id, content: '[s:long] Two' })
    await middle.reached()
    const one = ['user: [s:plain] One', `assistant: ${HELLO}`]
    const copy = await forked(client, id)
    expect(conversationOf(copy)).toEqual(one)
    middle.open()
    await turnEndedWith(client, id, LONG)

    const again = await forked(client, copy.id)
    expect(conversationOf(again)).toEqual(one)
    client.send({ type: 'undo_last_turn', session_id: again.id })
    await client.expect('undo_completed', ({ success }) => success)
    client.send({ type: 'send_message', session_id: again.id, content: '[s:plain] Anew' })
    await client.waitForView(again.id, 'an answer', ({ messages }) => messages.at(-1)?.content === HELLO)
    expect(world.model.lastSaid).toEqual(['user: [s:plain] Anew'])
    client.send({ type: 'send_message', session_id: copy.id, content: '[s:long] Three' })
    await turnEndedWith(client, copy.id, LONG)
    expect(world.model.lastSaid).toEqual([...one, 'user: [s:long] Three'])
  },
)

directTest('a session of a terminal is forked into another directory, and stays as it is', async (world) => {
  const client = await world.serve()
  await world.print('[s:plain] There').answer()
  const { session_id: id } = await client.expect('session_ended')
  const said = ['user: [s:plain] There', `assistant: ${HELLO}`]
  const copy = await forked(client, id, { cwd: world.home.home, permission_mode: 'plan' })
  expect(copy).toMatchObject({ project_path: world.home.home, permission_mode: 'plan', status: 'active' })
  expect(conversationOf(copy)).toEqual(said)
  client.send({ type: 'send_message', session_id: copy.id, content: '[s:long] Here' })
  await turnEndedWith(client, copy.id, LONG)
  expect(world.model.lastSaid).toEqual([...said, 'user: [s:long] Here'])
  const source = await client.follow(id)
  expect(source).toMatchObject({ status: 'ended' })
  expect(conversationOf(source)).toEqual(said)
  expect(await client.followList()).toHaveLength(2)
})

directTest('a fork that cannot be made says so about its source', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] One' })
  await turnEndedWith(client, id, HELLO)
  const refused = async (wish: object) => {
    client.send({ type: 'fork_session', source_session_id: id, ...wish })
    const { code, message, session_id } = await client.expect('error')
    expect([code, session_id]).toEqual(['fork_failed', id])
    return message
  }
  expect(await refused({ nth_user_message: 1 })).toContain('This conversation has 1 prompt')
  expect(await refused({ cwd: '/nowhere' })).toContain('/nowhere')
  client.send({ type: 'end_session', session_id: id })
  await client.expect('session_ended')
  for (const pid of processesWith(id)) await gone(pid)
  world.forgetConversations()
  expect(await refused({})).toContain('no transcript')
  expect(await client.followList()).toHaveLength(1)
})
