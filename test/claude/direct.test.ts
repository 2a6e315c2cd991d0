/** Sessions that the server drives itself: a prompt goes in, an answer comes out, and nothing is left behind. */
import { expect } from 'bun:test'
import { gone, processesWith } from '../support/processes.ts'
import { conversationOf, toolRows, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'

directTest('prompts are answered one after the other, in one row of the list', async ({ serve, createSession }) => {
  const client = await serve()
  const { id, claude_integration_mode, work_status } = await createSession(client, { allowed_tools: ['Bash'] })
  expect({ claude_integration_mode, work_status }).toEqual({
    claude_integration_mode: 'direct',
    work_status: 'waiting',
  })
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(client, id, HELLO)
  client.send({ type: 'send_message', session_id: id, content: '[s:bash] Say hello' })
  const view = await turnEndedWith(client, id, 'It said hello.')
  expect(conversationOf(view)).toEqual([
    'user: [s:plain] Hello',
    `assistant: ${HELLO}`,
    'user: [s:bash] Say hello',
    'assistant: I will run a command.',
    'Bash: hello-from-bash',
    'assistant: It said hello.',
  ])
  expect(toolRows(view)[0]?.duration_ms).toBeGreaterThan(0)
  expect(view).toMatchObject({ turn_count: 2, first_prompt: '[s:plain] Hello', permission_mode: 'default' })
  expect(view.token_usage.input_tokens).toBeGreaterThan(0)
  client.send({ type: 'subscribe_list' })
  const { sessions } = await client.expect('sessions_list', ({ sessions: rows }) => rows.length > 0)
  expect(sessions.map((session) => session.id)).toEqual([id])
})

directTest('the end of a session leaves no process', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(client, id, HELLO)
  const [pid = 0] = processesWith(id)
  expect(pid).toBeGreaterThan(0)
  client.send({ type: 'end_session', session_id: id })
  expect(await client.expect('session_ended')).toMatchObject({ session_id: id, reason: 'user_requested' })
  await gone(pid)
  expect(processesWith(id)).toEqual([])
})

directTest('the server takes its agents with it', async ({ serve, createSession, server, model }) => {
  const client = await serve()
  const { id } = await createSession(client)
  const thinking = model.hold('plain')
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await thinking.reached()
  expect(processesWith(id)).toHaveLength(1)
  await server.stop()
  expect(processesWith(id)).toEqual([])
})

directTest('a prompt that comes before the agent is ready waits for it', async ({ serve, createSession, server }) => {
  const client = await serve()
  const other = await server.client()
  await other.followList()
  const created = createSession(client)
  const { session } = await other.expect('session_created')
  other.send({ type: 'send_message', session_id: session.id, content: '[s:plain] Hello' })
  const { id } = await created
  await turnEndedWith(client, id, HELLO)
  expect(processesWith(id)).toHaveLength(1)
})

directTest('a session that is ended before its agent is ready leaves no process', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client)
  client.send({ type: 'end_session', session_id: id })
  await client.expect('session_ended')
  for (const pid of processesWith(id)) await gone(pid)
  expect(client.frames.some(({ type }) => type === 'error')).toBe(false)
})
