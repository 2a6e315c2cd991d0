/** Model, effort and permission mode of a driven Claude, changed while it runs and while it does not. */
import { expect } from 'bun:test'
import { conversationOf, turnEndedWith } from './conversation.ts'
import { directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'

directTest('model and effort of a prompt are those that the model is asked with', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { model: 'opus' })
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello', effort: 'low' })
  await turnEndedWith(client, id, HELLO)
  const first = await world.model.waitForRequest('plain')
  expect(first).toMatchObject({ model: expect.stringContaining('opus'), effort: 'low' })
  client.send({ type: 'send_message', session_id: id, content: '[s:edit] Go', model: 'sonnet', effort: 'high' })
  const second = await world.model.waitForRequest('edit')
  expect(second).toMatchObject({ model: expect.stringContaining('sonnet'), effort: 'high' })
  const view = await client.waitForView(id, 'the other model', ({ model }) => model?.includes('sonnet') === true)
  expect(view.effort).toBe('high')
})

directTest(
  'a mode that this Claude does not take is refused, and nothing changes',
  async ({ serve, createSession }) => {
    const client = await serve()
    const { id } = await createSession(client)
    await client.expect('claude_capabilities')
    for (const permission_mode of ['bypassPermissions', 'yolo']) {
      client.send({ type: 'update_session_config', session_id: id, permission_mode })
      expect(await client.expect('error')).toMatchObject({ code: 'invalid_argument', session_id: id })
    }
    expect(client.view(id).permission_mode ?? 'default').toBe('default')
  },
)

directTest('one that was created without limits may be given some, and lose them again', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client, { permission_mode: 'bypassPermissions' })
  const { permission_modes } = await client.expect('claude_capabilities')
  expect(permission_modes).toContain('bypassPermissions')
  for (const permission_mode of ['default', 'bypassPermissions'])
    client.send({ type: 'update_session_config', session_id: id, permission_mode })
  client.send({ type: 'send_message', session_id: id, content: '[s:edit] Go' })
  const view = await turnEndedWith(client, id, 'Edited notes.txt.')
  expect(view.permission_mode).toBe('bypassPermissions')
  expect(client.frames.some(({ type }) => type === 'approval_requested')).toBe(false)
})

directTest('a mode that is chosen while no Claude runs is that of the next one', async (world) => {
  const client = await world.serve()
  const { id } = await world.createSession(client)
  client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
  await turnEndedWith(client, id, HELLO)
  await world.server.restart()
  const later = await world.server.client()
  await later.follow(id)
  later.send({ type: 'update_session_config', session_id: id, permission_mode: 'acceptEdits' })
  later.send({ type: 'send_message', session_id: id, content: '[s:edit] Go' })
  const view = await turnEndedWith(later, id, 'Edited notes.txt.')
  expect(view.permission_mode).toBe('acceptEdits')
  expect(later.frames.some(({ type }) => type === 'approval_requested')).toBe(false)
  expect(conversationOf(view).some((row) => row.includes('failed'))).toBe(false)
})
