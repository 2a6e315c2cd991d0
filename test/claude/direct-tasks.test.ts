/** What a driven Claude runs beside the conversation. */
import { expect } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const WAITS = 'It waits in the background.'

const statuses = ({ background_tasks: tasks = [] }: SessionState) => tasks.map(({ status }) => status)
const isStopped = (view: SessionState) => statuses(view).join() === 'stopped'

directTest('a shell beside the conversation is listed, and stopped', async ({ serve, createSession, server }) => {
  const client = await serve()
  const { id } = await createSession(client, { allowed_tools: ['Bash'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-background-waits] Go' })
  const { background_tasks: tasks = [] } = await turnEndedWith(client, id, WAITS)
  expect(tasks).toEqual([
    expect.objectContaining({
      type: 'shell',
      description: 'Wait behind',
      status: 'running',
      tool_use_id: expect.any(String),
    }),
  ])
  const late = await server.client()
  expect((await late.follow(id)).background_tasks).toEqual(tasks)
  client.send({ type: 'stop_task', session_id: id, task_id: tasks[0]?.id ?? '', command_id: 'stop' })
  expect(await client.expect('command_ack')).toMatchObject({ command_id: 'stop', ok: true })
  const view = await client.waitForView(id, 'the end of the task', isStopped)
  expect(view.background_tasks?.[0]?.ended_at).toBeString()
  client.send({ type: 'stop_task', session_id: id, task_id: 'no-such-task', command_id: 'again' })
  expect(await client.expect('error')).toMatchObject({ code: 'not_found', session_id: id })
  expect(await client.expect('command_ack')).toMatchObject({ command_id: 'again', ok: false })
})

directTest('one that ends by itself has completed', async ({ serve, createSession, home }) => {
  const client = await serve()
  const { id } = await createSession(client, { allowed_tools: ['Bash'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-background-waits] Go' })
  await turnEndedWith(client, id, WAITS)
  writeFileSync(join(home.project, 'go'), '')
  const view = await turnEndedWith(client, id, 'It went in the background.')
  expect(statuses(view)).toEqual(['completed'])
})

directTest(
  'a command in front is none, and a subagent beside is one',
  async ({ serve, createSession, home, model }) => {
    const client = await serve()
    const { id } = await createSession(client, { allowed_tools: ['Bash', 'Agent'] })
    client.send({ type: 'send_message', session_id: id, content: '[s:bash-waits] Go' })
    await client.waitForView(id, 'the command', ({ messages }) => messages.length === 2)
    writeFileSync(join(home.project, 'go'), '')
    expect(statuses(await turnEndedWith(client, id, 'It went.'))).toEqual([])
    const inside = model.hold('inside-agent')
    client.send({ type: 'send_message', session_id: id, content: '[s:agent-background] Go' })
    await inside.reached()
    const { background_tasks: tasks = [], subagents } = client.view(id)
    expect(tasks).toMatchObject([{ type: 'agent', status: 'running', id: subagents?.[0]?.id ?? '-' }])
    inside.open()
    expect(statuses(await turnEndedWith(client, id, 'The agent is back.'))).toEqual(['completed'])
  },
)

directTest('none outlives its Claude', async ({ serve, createSession }) => {
  const client = await serve()
  const { id } = await createSession(client, { allowed_tools: ['Bash'] })
  client.send({ type: 'send_message', session_id: id, content: '[s:bash-background-waits] Go' })
  await turnEndedWith(client, id, WAITS)
  client.send({ type: 'end_session', session_id: id })
  await client.waitForView(id, 'the end', isStopped)
  client.send({ type: 'stop_task', session_id: id, task_id: 'any' })
  expect(await client.expect('error')).toMatchObject({ code: 'session_not_found' })
})
