/** A conversation changes hands: from a terminal to the server, and back. */
import { expect } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gone, processesWith } from '../support/processes.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'

directTest('a session that has ended goes on with its context, driven by the server', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(client, id, HELLO)
  client.send({ type: 'end_session', session_id: id })
  await client.expect('session_ended')
  client.send({ type: 'resume_session', session_id: id })
  const { session } = await client.expect('session_snapshot')
  expect(session).toMatchObject({ id, status: 'active', work_status: 'waiting', claude_integration_mode: 'direct' })
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Go on' })
  const view = await turnEndedWith(client, id, 'and so on '.repeat(200))
  expect(conversationOf(view).slice(0, 3)).toEqual([
    'user: [s:plain] Hello',
    `assistant: ${HELLO}`,
    'user: [s:long] Go on',
  ])
  client.send({ type: 'resume_session', session_id: id })
  expect(await client.expect('error')).toMatchObject({ code: 'already_active', session_id: id })
  client.send({ type: 'resume_session', session_id: 'ghost' })
  expect(await client.expect('error')).toMatchObject({ code: 'not_found', session_id: 'ghost' })
})

directTest('a session of a terminal is taken over once it has ended there, and goes back to one', async (world) => {
  const client = await world.serve()
  await world.print('[s:plain] Hello').answer()
  const { session_id: id } = await client.expect('session_ended')
  client.send({ type: 'resume_session', session_id: id })
  const { session } = await client.expect('session_snapshot')
  expect(session).toMatchObject({ id, status: 'active', claude_integration_mode: 'direct' })
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Here' })
  await client.waitForView(id, 'an answer', ({ messages }) =>
    messages.some(({ content }) => content.includes('and so on')),
  )
  await client.waitForView(id, 'its end', ({ work_status }) => work_status === 'waiting')
  client.send({ type: 'end_session', session_id: id })
  await client.expect('session_ended', ({ reason }) => reason === 'user_requested')
  for (const pid of processesWith(id)) await gone(pid)

  await world.print('[s:bash] There', '--resume', id, '--allowedTools', 'Bash').answer()
  await client.expect('session_ended', ({ reason }) => reason !== 'user_requested')
  const view = await client.follow(id)
  expect(view.claude_integration_mode).toBeUndefined()
  const prompts = conversationOf(view).filter((line) => line.startsWith('user: '))
  expect(prompts).toEqual(['user: [s:plain] Hello', 'user: [s:long] Here', 'user: [s:bash] There'])
  expect(conversationOf(view).filter((line) => line.includes('and so on'))).toHaveLength(1)
  expect(conversationOf(view)).toContain('Bash: hello-from-bash')
})

directTest('what Claude wrote after the server was killed is shown after all', async (world) => {
  const first = await world.serve()
  const { id } = await world.createSession(first, { allowed_tools: ['Bash'] })
  first.send({ type: 'send_message', session_id: id, content: '[s:bash-waits] Go' })
  await first.waitForView(id, 'the command', ({ messages }) =>
    messages.some(({ message_type }) => message_type === 'tool'),
  )
  const [pid = 0] = processesWith(id)
  await world.server.kill9()
  writeFileSync(join(world.home.project, 'go'), '')
  await gone(pid)

  const client = await world.serve()
  await client.follow(id)
  const view = await client.waitForView(id, 'the reason', ({ messages }) =>
    messages.some(({ content }) => content.includes('The server was killed while Claude was at work.')),
  )
  expect(conversationOf(view).slice(0, 3)).toEqual(['user: [s:bash-waits] Go', 'Bash: went', 'assistant: It went.'])
})
