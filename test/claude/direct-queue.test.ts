/** Prompts that are sent while a driven Claude works wait their turn, and can be changed until it comes. */
import { expect } from 'bun:test'
import type { SessionState } from '../../src/protocol/model/session.ts'
import type { TestClient } from '../support/test-client.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { type DirectWorld, directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'

interface Busy {
  readonly client: TestClient
  readonly id: string
  letGo(): void
}

/** A session in the middle of a turn, behind which these prompts wait. */
async function busyWith(world: DirectWorld, ...contents: readonly string[]): Promise<Busy> {
  const client = await world.serve()
  const { id } = await world.createSession(client, { allowed_tools: ['Bash'] })
  const gate = world.model.hold('long')
  client.send({ type: 'send_message', session_id: id, content: '[s:long] First' })
  await gate.reached()
  for (const content of contents) {
    client.send({ type: 'send_message', session_id: id, content, command_id: content })
    // What was acknowledged is stored.
    await client.expect('command_ack', ({ command_id }) => command_id === content)
  }
  await queueOf(client, id, ...contents)
  return { client, id, letGo: () => gate.open() }
}

const queued = ({ queued_prompts: prompts = [] }: SessionState) => prompts.map(({ content }) => content)

/** Waits until exactly these prompts wait. */
function queueOf(client: TestClient, id: string, ...contents: readonly string[]): Promise<SessionState> {
  return client.waitForView(id, `the queue ${contents}`, (view) => Bun.deepEquals(queued(view), contents))
}

directTest('prompts of a busy session go out one by one, in their order', async (world) => {
  const { client, id, letGo } = await busyWith(world, '[s:bash] Second', '[s:plain] Third')
  expect(conversationOf(client.view(id))).toEqual(['user: [s:long] First'])
  letGo()
  const view = await turnEndedWith(client, id, HELLO)
  expect(conversationOf(view)).toEqual([
    'user: [s:long] First',
    `assistant: ${'and so on '.repeat(200)}`,
    'user: [s:bash] Second',
    'assistant: I will run a command.',
    'Bash: hello-from-bash',
    'assistant: It said hello.',
    'user: [s:plain] Third',
    `assistant: ${HELLO}`,
  ])
  expect({ turns: view.turn_count, queue: queued(view) }).toEqual({ turns: 3, queue: [] })
})

directTest('a prompt that waits is changed and taken out from a terminal', async (world) => {
  const { client, id, letGo } = await busyWith(world, '[s:bash] Second', '[s:plain] Third')
  const cli = (...words: string[]) =>
    world.server.run('session', 'queue', id, '--server', world.server.url, '--json', ...words)
  const changed: unknown = JSON.parse(await cli('--edit', '2', '--text', '[s:plain] Changed'))
  expect(changed).toMatchObject({ queued_prompts: [{ content: '[s:bash] Second' }, { content: '[s:plain] Changed' }] })
  await cli('--remove', '1')
  await queueOf(client, id, '[s:plain] Changed')
  letGo()
  const view = await turnEndedWith(client, id, HELLO)
  expect(conversationOf(view).slice(2)).toEqual(['user: [s:plain] Changed', `assistant: ${HELLO}`])
})

directTest('an interrupt holds what waits, and a person lets it go', async (world) => {
  const { client, id, letGo } = await busyWith(world, '[s:plain] Second')
  client.send({ type: 'interrupt_session', session_id: id })
  const view = await client.waitForView(id, 'a held queue', ({ queue_held: held = false, work_status }) => {
    return held && work_status === 'waiting'
  })
  expect(queued(view)).toEqual(['[s:plain] Second'])
  expect(world.model.requests.filter(({ script }) => script === 'plain')).toEqual([])
  letGo()
  client.send({ type: 'release_queue', session_id: id })
  expect(queued(await turnEndedWith(client, id, HELLO))).toEqual([])
})

directTest('what waits survives a kill of the server, is held, and goes on in its order', async (world) => {
  const { id, letGo } = await busyWith(world, '[s:bash] Second', '[s:plain] Third')
  await world.server.kill9()
  letGo()
  const client = await world.serve()
  await client.follow(id)
  const view = await client.waitForView(id, 'a held queue', ({ queue_held: held = false }) => held)
  expect(queued(view)).toEqual(['[s:bash] Second', '[s:plain] Third'])
  client.send({ type: 'release_queue', session_id: id })
  await turnEndedWith(client, id, HELLO)
  const second = await world.model.waitForRequest('bash')
  // The agent that goes on knows what was said before.
  expect(second.said.join('\n')).toContain('[s:long] First')
})

directTest('a prompt that cannot be sent holds what waits behind it', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  const images = [{ input_type: 'path', value: '/nowhere/picture.png' }]
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] First', images })
  const view = await client.waitForView(id, 'the failure', ({ messages }) => messages.some(({ is_error }) => is_error))
  expect(view.messages.at(-1)?.content).toContain('/nowhere/picture.png')
  await client.waitForView(id, 'rest', ({ work_status }) => work_status === 'waiting')
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Second' })
  await turnEndedWith(client, id, HELLO)
})
