/** People steer, stop and change a driven Claude while it works. */
import { expect } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { gone, processesComing } from '../support/processes.ts'
import { conversationOf, toolRows, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'

const isWaiting = ({ work_status }: SessionState) => work_status === 'waiting'

directTest('an answer is shown as it is written, in one row', async ({ serve, createSession, model }) => {
  const client = await serve()
  const { id } = await createSession(client)
  const middle = model.hold('long', 0, 'middle')
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Go' })
  await middle.reached()
  const partly = await client.waitForView(id, 'a part of the answer', ({ messages }) => messages.length === 2)
  expect(partly.work_status).toBe('working')
  expect('and so on '.repeat(200)).toStartWith(partly.messages[1]?.content ?? '-')
  middle.open()
  const view = await turnEndedWith(client, id, 'and so on '.repeat(200))
  expect(view.messages).toHaveLength(2)
})

directTest('an interrupt while the model talks keeps what it has said', async ({ serve, createSession, model }) => {
  const client = await serve()
  const { id } = await createSession(client)
  const middle = model.hold('long', 0, 'middle')
  client.send({ type: 'send_message', session_id: id, content: '[s:long] Go' })
  await middle.reached()
  await client.waitForView(id, 'a part of the answer', ({ messages }) => messages.length === 2)
  client.send({ type: 'interrupt_session', session_id: id })
  const view = await client.waitForView(id, 'the end of the turn', isWaiting)
  expect(view.messages[1]?.content).not.toBe('')
  expect(view.messages.some(({ is_error }) => is_error)).toBe(false)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(client, id, HELLO)
})

directTest('an interrupt while a command runs ends the command', async ({ serve, createSession, home }) => {
  const client = await serve()
  const { id } = await createSession(client, { allowed_tools: ['Bash'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-waits] Go' })
  const [command = 0] = await processesComing(join(home.project, 'go'))
  client.send({ type: 'interrupt_session', session_id: id })
  const view = await client.waitForView(id, 'the end of the turn', isWaiting)
  expect(toolRows(view)[0]).toMatchObject({ is_error: true })
  await gone(command)
})

directTest('guidance joins the running turn, and says that it has', async ({ serve, createSession, home }) => {
  const client = await serve()
  const { id } = await createSession(client, { allowed_tools: ['Bash'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-waits] Go' })
  await client.waitForView(id, 'the command', (view) => toolRows(view).length === 1)
  client.send({ type: 'steer_turn', session_id: id, content: 'Be quick.' })
  await client.waitForView(id, 'the guidance', ({ messages }) => messages.at(-1)?.message_type === 'steer')
  writeFileSync(join(home.project, 'go'), '')
  const view = await turnEndedWith(client, id, 'It went.')
  expect(conversationOf(view)).toEqual([
    'user: [s:bash-waits] Go',
    'Bash: went',
    'steer: Be quick.',
    'assistant: It went.',
  ])
  expect(view.messages.find(({ message_type }) => message_type === 'steer')?.tool_output).toBe('delivered')
  expect(view.turn_count).toBe(1)
})

directTest('guidance outside of a turn becomes one', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client)
  client.send({ type: 'steer_turn', session_id: id, content: '[s:plain] Hello' })
  const view = await turnEndedWith(client, id, HELLO)
  expect(view.messages[0]).toMatchObject({ message_type: 'steer', tool_output: 'fallback' })
})

directTest('mode and model are changed while the session goes on', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client)
  client.send({ type: 'update_session_config', session_id: id, permission_mode: 'acceptEdits' })
  client.send({ type: 'send_message', session_id: id, content: '[s:edit] Go', model: 'sonnet', effort: 'low' })
  const view = await turnEndedWith(client, id, 'Edited notes.txt.')
  expect(view.permission_mode).toBe('acceptEdits')
  expect(view.model).toContain('sonnet')
  expect(client.frames.some(({ type }) => type === 'approval_requested')).toBe(false)
})

directTest('a mode that Claude refuses is told', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client)
  client.send({ type: 'update_session_config', session_id: id, permission_mode: 'bypassPermissions' })
  const view = await client.waitForView(id, 'the refusal', ({ messages }) => messages.length === 1)
  expect(view.messages[0]).toMatchObject({ is_error: true, content: expect.stringContaining('set_permission_mode') })
  expect(view.permission_mode).toBe('default')
})

directTest('the context is compacted', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client, { allowed_tools: ['Bash'] })
  for (const round of [1, 2, 3]) {
    client.send({ type: 'send_message', session_id: id, content: '[s:bash] Say hello' })
    await client.waitForView(id, `answer ${round}`, (view) => toolRows(view).length === round && isWaiting(view))
  }
  client.send({ type: 'compact_context', session_id: id })
  await client.expect('context_compacted')
  const view = await client.waitForView(id, 'the end of it', isWaiting)
  expect(conversationOf(view).at(-1)).toBe('assistant: Context compacted.')
})

directTest('a refusal of the API is shown once, and the session goes on', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:error-529] Go' })
  await client.waitForView(id, 'the failure', (view) => view.messages.length === 3 && isWaiting(view))
  const [, retried, failed] = client.view(id).messages
  expect(retried).toMatchObject({ is_error: true, content: expect.stringContaining('try 1 of 1') })
  expect(failed).toMatchObject({ is_error: true, content: expect.stringContaining('scripted overload') })
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(client, id, HELLO)
})

directTest('a subagent behind the turn keeps the session at work until it is back', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { allowed_tools: ['Bash', 'Agent'] })
  const inside = world.model.hold('inside-agent')
  client.send({ type: 'send_message', session_id: id, content: '[s:agent-background] Go' })
  await inside.reached()
  const view = await client.waitForView(id, 'the answer before it', ({ messages }) =>
    messages.some(({ content }) => content === 'The agent is on its way.'),
  )
  expect(view.work_status).toBe('working')
  inside.open()
  const ended = await turnEndedWith(client, id, 'The agent is back.')
  expect(ended.subagents).toEqual([expect.objectContaining({ ended_at: expect.any(String) })])
})

directTest('an interrupt also ends the subagents behind the turn', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { allowed_tools: ['Bash', 'Agent'] })
  const inside = world.model.hold('inside-agent')
  client.send({ type: 'send_message', session_id: id, content: '[s:agent-background] Go' })
  await inside.reached()
  await client.waitForView(id, 'the answer before it', ({ messages }) =>
    messages.some(({ content }) => content === 'The agent is on its way.'),
  )
  client.send({ type: 'interrupt_session', session_id: id })
  await client.waitForView(id, 'rest', isWaiting)
  await client.expect('subagent_updated', ({ subagent }) => subagent.ended_at !== undefined)
})

directTest('an interrupt that comes before the agent is ready ends the turn that waits for it', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  world.model.hold('plain')
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  client.send({ type: 'interrupt_session', session_id: id })
  await client.waitForView(id, 'rest', (view) => isWaiting(view) && view.turn_count === 1)
})

directTest('the list of tasks is the plan', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { allowed_tools: ['TaskCreate', 'TaskUpdate', 'TaskList'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:tasks] Go' })
  const view = await turnEndedWith(client, id, 'The tasks are set.')
  expect(view.current_plan).toContain('Fix all bugs')
})

directTest('a picture reaches the model', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client)
  const value = `data:image/png;base64,${ONE_PIXEL}`
  client.send({
    type: 'send_message',
    session_id: id,
    content: '[s:plain] Look',
    images: [{ input_type: 'url', value }],
  })
  const view = await turnEndedWith(client, id, HELLO)
  expect(view.messages.some(({ is_error }) => is_error)).toBe(false)
})

const ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
