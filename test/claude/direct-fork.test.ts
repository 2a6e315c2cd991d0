/** A conversation goes on twice: whole, from a prompt on, and without its source noticing. */
import { expect } from 'bun:test'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const LONG = 'and so on '.repeat(200)

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
