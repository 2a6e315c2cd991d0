/** Turns are taken back: files as they were, the conversation as it was, and what is told of it is what happened. */
import { expect } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestClient } from '../support/test-client.ts'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'
const LONG = 'and so on '.repeat(200)
const EDITS = { permission_mode: 'acceptEdits' }

/** Settles when everything that the client has been told is on disk. */
async function stored(client: TestClient, sessionId: string): Promise<void> {
  client.send({ type: 'rename_session', session_id: sessionId, name: 'Stored', command_id: 'stored' })
  await client.expect('command_ack')
}

directTest('an undo puts the files back, and the model no longer knows of the turn', async (world) => {
  const notes = () => readFileSync(join(world.home.project, 'notes.txt'), 'utf8')
  const client = await world.serve()
  const { id } = await world.createSession(client, EDITS)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] One' })
  await turnEndedWith(client, id, HELLO)
  client.send({ type: 'send_message', session_id: id, content: '[s:edit] Two' })
  await turnEndedWith(client, id, 'Edited notes.txt.')
  expect(notes()).toBe('line one\nline 2\n')

  client.send({ type: 'undo_last_turn', session_id: id })
  await client.expect('undo_started')
  const undone = await client.expect('undo_completed')
  expect(undone).toMatchObject({
    success: true,
    message: '1 file restored; the conversation goes on before “[s:edit] Two”.',
  })
  expect(notes()).toBe('line one\nline two\n')
  const kept = ['user: [s:plain] One', `assistant: ${HELLO}`]
  const notice = `assistant: The last turn was taken back. ${undone.message}`
  expect(conversationOf(client.view(id))).toEqual([...kept, notice])
  await client.waitForView(id, 'its rest', (view) => view.work_status === 'waiting' && view.last_message === HELLO)

  client.send({ type: 'send_message', session_id: id, content: '[s:long] Three' })
  const view = await turnEndedWith(client, id, LONG)
  expect(conversationOf(view)).toEqual([...kept, notice, 'user: [s:long] Three', `assistant: ${LONG}`])
  expect(world.model.lastSaid).toEqual([...kept, 'user: [s:long] Three'])
  using other = await world.server.client()
  expect(conversationOf(await other.follow(id))).toEqual(conversationOf(view))
})

directTest('what was taken back stays so when the server starts again, and until then it can go on', async (world) => {
  const first = await world.serve()
  const { id } = await world.createSession(first)
  for (const content of ['[s:plain] One', '[s:plain] Two', '[s:plain] Three']) {
    const before = first.view(id).messages.length
    first.send({ type: 'send_message', session_id: id, content })
    await first.waitForView(
      id,
      `the answer to ${content}`,
      ({ messages, work_status }) =>
        messages.length > before + 1 && messages.at(-1)?.content === HELLO && work_status === 'waiting',
    )
  }
  first.send({ type: 'rollback_turns', session_id: id, num_turns: 2 })
  expect(await first.expect('thread_rolled_back')).toMatchObject({ num_turns: 2 })
  const kept = [
    'user: [s:plain] One',
    `assistant: ${HELLO}`,
    'assistant: The last 2 turns were taken back, but not what changed in files; the conversation goes on before “[s:plain] Two”.',
  ]
  expect(conversationOf(first.view(id))).toEqual(kept)
  await stored(first, id)
  await world.server.kill9()

  const client = await world.serve()
  expect(conversationOf(await client.follow(id))).toEqual(kept)
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Four' })
  await turnEndedWith(client, id, LONG)
  await stored(client, id)
  expect(world.model.lastSaid).toEqual(['user: [s:plain] One', `assistant: ${HELLO}`, 'user: [s:long] Four'])
  // Killed once more, it goes on behind what was said since.
  await world.server.kill9()
  const last = await world.serve()
  await last.follow(id)
  last.send({ type: 'send_message', session_id: id, content: '[s:plain] Five' })
  await turnEndedWith(last, id, HELLO)
  expect(world.model.lastSaid.filter((line) => line.startsWith('user'))).toEqual([
    'user: [s:plain] One',
    'user: [s:long] Four',
    'user: [s:plain] Five',
  ])
})

directTest('the first turn is taken back, too, and more than there is cannot be', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  client.send({ type: 'undo_last_turn', session_id: id })
  expect(await client.expect('undo_completed')).toMatchObject({
    success: false,
    message: 'There is no turn to take back.',
  })
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] One' })
  await turnEndedWith(client, id, HELLO)
  client.send({ type: 'rollback_turns', session_id: id, num_turns: 2 })
  expect(await client.expect('error')).toMatchObject({ code: 'invalid_argument', session_id: id })
  client.send({ type: 'undo_last_turn', session_id: id })
  const { message } = await client.expect('undo_completed', ({ success }) => success)
  expect(message).toStartWith('Conversation only: ')
  expect(conversationOf(client.view(id))).toEqual([`assistant: The last turn was taken back. ${message}`])
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Two' })
  await turnEndedWith(client, id, LONG)
  expect(world.model.lastSaid).toEqual(['user: [s:long] Two'])
  expect(await client.followList()).toHaveLength(1)
})

directTest('nothing is taken back while the agent is at work', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  const start = world.model.hold('long')
  client.send({ type: 'send_message', session_id: id, content: '[s:long] One' })
  await start.reached()
  client.send({ type: 'undo_last_turn', session_id: id })
  expect(await client.expect('error')).toMatchObject({ code: 'agent_busy', session_id: id })
  client.send({ type: 'rollback_turns', session_id: id, num_turns: 1 })
  expect(await client.expect('error')).toMatchObject({ code: 'agent_busy', session_id: id })
  start.open()
  const view = await turnEndedWith(client, id, LONG)
  expect(conversationOf(view)).toEqual(['user: [s:long] One', `assistant: ${LONG}`])
})

directTest('files alone go back to how they were before any prompt', async (world) => {
  const notes = () => readFileSync(join(world.home.project, 'notes.txt'), 'utf8')
  const client = await world.serve()
  const { id } = await world.createSession(client, EDITS)
  client.send({ type: 'send_message', session_id: id, content: '[s:edit] One' })
  const { messages } = await turnEndedWith(client, id, 'Edited notes.txt.')
  client.send({ type: 'rewind_files', session_id: id, user_message_id: messages[0]?.id ?? '' })
  const rewound = await client.expect('files_rewound')
  expect(rewound).toMatchObject({ success: true, files: [join(world.home.project, 'notes.txt')] })
  expect(notes()).toBe('line one\nline two\n')
  expect(client.view(id).messages).toEqual(messages)
  client.send({ type: 'rewind_files', session_id: id, user_message_id: `${id}:nobody` })
  const refused = await client.expect('files_rewound')
  expect(refused).toMatchObject({ success: false, files: [], message: 'No file checkpoint found for this message.' })
})

directTest('the command line forks a conversation, and takes turns back', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] One' })
  await turnEndedWith(client, id, HELLO)
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Two' })
  await turnEndedWith(client, id, LONG)
  const cli = async (...args: string[]): Promise<unknown> => JSON.parse(await world.server.run('session', ...args))
  const forked = await cli('fork', id, '--nth-user-message', '1')
  expect(forked).toMatchObject({ forked: true, source_session_id: id })
  expect(await cli('undo', id)).toMatchObject({ undone: true, session_id: id })
  expect(await cli('rollback', id, '--turns', '1')).toEqual({ rolled_back: 1, session_id: id })
  const view = await client.waitForView(id, 'its beginning', ({ messages }) => messages.length === 1)
  expect(conversationOf(view)[0]).toStartWith('assistant: The last turn was taken back, but not what changed in files;')
})

directTest('what was summarised is not taken back, and a fork goes on behind the summary', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  for (const [content, answer] of [
    ['[s:plain] One', HELLO],
    ['[s:long] Two', LONG],
  ] as const) {
    client.send({ type: 'send_message', session_id: id, content })
    await turnEndedWith(client, id, answer)
  }
  client.send({ type: 'compact_context', session_id: id })
  await client.expect('context_compacted')
  await client.waitForView(id, 'its rest', ({ work_status }) => work_status === 'waiting')
  client.send({ type: 'undo_last_turn', session_id: id })
  const { success, message } = await client.expect('undo_completed')
  expect([success, message]).toEqual([
    false,
    'Claude has summarised this part of the conversation since: it cannot be taken back.',
  ])
  client.send({ type: 'fork_session', source_session_id: id, nth_user_message: 1 })
  const refused = await client.expect('error')
  expect(refused).toMatchObject({ code: 'fork_failed', session_id: id })

  client.send({ type: 'fork_session', source_session_id: id })
  const { session } = await client.expect('session_snapshot')
  await client.expect('session_forked')
  client.send({ type: 'send_message', session_id: session.id, content: '[s:plain] Three' })
  await turnEndedWith(client, session.id, HELLO)
  client.send({ type: 'undo_last_turn', session_id: session.id })
  await client.expect('undo_completed', (undone) => undone.success)
  const [one, hello, two, long, compacted] = conversationOf(client.view(session.id))
  expect([one, hello, two, long]).toEqual([
    'user: [s:plain] One',
    `assistant: ${HELLO}`,
    'user: [s:long] Two',
    `assistant: ${LONG}`,
  ])
  expect(compacted).toBe('assistant: Context compacted.')
})
