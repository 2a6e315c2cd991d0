/** A driven conversation outlives its processes: Claude's, and the server's. */
import { expect } from 'bun:test'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { gone, isAlive, processesComing, processesWith } from '../support/processes.ts'
import type { TestClient } from '../support/test-client.ts'
import { conversationOf, toolRows, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

/** Waits until a row holds these words and the agent does nothing. */
function saidAtRest(client: TestClient, id: string, words: string): Promise<SessionState> {
  return client.waitForView(
    id,
    `rest, with "${words}"`,
    ({ messages, work_status }) => work_status === 'waiting' && messages.some(({ content }) => content.includes(words)),
  )
}

const HELLO = 'Hello from the scripted model.'

directTest('after a restart the next message goes on with the conversation', async (world) => {
  const first = await world.serve()
  const { id } = await world.createSession(first, { allowed_tools: ['Bash'] })
  first.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(first, id, HELLO)
  await world.server.stop()
  expect(processesWith(id)).toEqual([])

  const client = await world.serve()
  const before = await client.follow(id)
  expect(before).toMatchObject({ status: 'active', claude_integration_mode: 'direct', work_status: 'waiting' })
  expect(processesWith(id)).toEqual([])
  client.send({ type: 'send_message', session_id: id, content: '[s:bash] Again' })
  const view = await turnEndedWith(client, id, 'It said hello.')
  expect(conversationOf(view)).toEqual([
    'user: [s:plain] Hello',
    `assistant: ${HELLO}`,
    'user: [s:bash] Again',
    'assistant: I will run a command.',
    'Bash: hello-from-bash',
    'assistant: It said hello.',
  ])
  // What it may do without asking is known, too.
  expect(client.frames.some(({ type }) => type === 'approval_requested')).toBe(false)
})

directTest('a server that stops in the middle of a turn says so in the session', async (world) => {
  const first = await world.serve()
  const { id } = await world.createSession(first)
  const thinking = world.model.hold('plain')
  first.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await thinking.reached()
  await world.server.stop()
  thinking.open()
  const client = await world.serve()
  const view = await client.follow(id)
  expect(view).toMatchObject({ status: 'active', work_status: 'waiting' })
  expect(conversationOf(view)).toEqual([
    'user: [s:plain] Hello',
    'assistant: The server stopped while Claude was at work. Your next message goes on from here.',
  ])
})

directTest('what a killed server leaves behind is ended, and the session goes on', async (world) => {
  const first = await world.serve()
  const { id } = await world.createSession(first)
  first.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(first, id, HELLO)
  const thinking = world.model.hold('two-steps')
  first.send({ type: 'send_message', session_id: id, content: '[s:two-steps] Go' })
  await thinking.reached()
  const [pid = 0] = processesWith(id)
  await world.server.kill9()
  expect(isAlive(pid)).toBe(true)

  const client = await world.serve()
  await gone(pid)
  await client.follow(id)
  const view = await saidAtRest(client, id, 'The server was killed while Claude was at work.')
  expect(view.status).toBe('active')
  thinking.open()
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Go on' })
  await turnEndedWith(client, id, 'and so on '.repeat(200))
  expect(processesWith(id)).toHaveLength(1)
})

directTest('a Claude that is killed is started again by the next message', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  const thinking = world.model.hold('plain')
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await thinking.reached()
  const [pid = 0] = processesWith(id)
  process.kill(pid, 'SIGKILL')
  await saidAtRest(client, id, 'Claude Code left (ended by SIGKILL)')
  thinking.open()
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Go on' })
  await turnEndedWith(client, id, 'and so on '.repeat(200))
})

directTest('a conversation that Claude has lost goes on as a new one, and says so', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(client, id, HELLO)
  const [pid = 0] = processesWith(id)
  process.kill(pid, 'SIGKILL')
  await gone(pid)
  world.forgetConversations()
  await saidAtRest(client, id, 'Claude Code left')
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Go on' })
  const view = await turnEndedWith(client, id, 'and so on '.repeat(200))
  expect(conversationOf(view)).toContain(
    'assistant: Claude no longer has this conversation: it goes on without what was said before.',
  )
  expect(view.turn_count).toBe(2)
})

directTest('a command of a Claude that is killed does not outlive it', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { allowed_tools: ['Bash'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-waits] Go' })
  await client.waitForView(id, 'the command', (view) => toolRows(view).length === 1)
  const [command = 0] = await processesComing(`${world.home.project}/go`)
  const [pid = 0] = processesWith(id)
  process.kill(pid, 'SIGKILL')
  await gone(command)
  await saidAtRest(client, id, 'Claude Code left')
})
