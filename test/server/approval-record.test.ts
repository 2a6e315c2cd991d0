import { expect, test } from 'bun:test'
import { asksPermission, prompt, toolEnds, toolStarts } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

/** A session with two entries in its record. */
async function withRecord(server: LocalServer): Promise<void> {
  await server.hook(prompt('s1'))
  for (const call of ['t1', 't2']) {
    const tool_input = { command: `echo ${call}` }
    await server.hook(toolStarts('s1', call, { tool_input }))
    await server.hook(asksPermission('s1', { tool_input }))
    await server.hook(toolEnds('s1', call, { tool_input }))
  }
}

test('an entry of the record of approvals is deleted, once', async () => {
  await using server = await LocalServer.start()
  await withRecord(server)
  const client = await server.client()
  client.send({ type: 'list_approvals', session_id: 's1' })
  const { approvals } = await client.expect('approvals_list')
  const [newest, oldest] = approvals
  if (!newest || !oldest) throw new Error('two requests leave two entries')

  // The second one shows that the list is read after what the client has asked for before.
  client.send({ type: 'delete_approval', approval_id: newest.id, command_id: 'c1' })
  client.send({ type: 'delete_approval', approval_id: newest.id, command_id: 'c2' })
  client.send({ type: 'list_approvals' })
  expect((await client.expect('approval_deleted')).approval_id).toBe(newest.id)
  expect(await client.expect('command_ack')).toMatchObject({ command_id: 'c1', session_id: 's1', ok: true })
  expect(await client.expect('error')).toMatchObject({
    code: 'not_found',
    message: `Approval ${newest.id} not found`,
    session_id: null,
  })
  expect(await client.expect('command_ack')).toMatchObject({ command_id: 'c2', ok: false, code: 'not_found' })
  expect((await client.expect('approvals_list')).approvals).toEqual([oldest])
  expect(server.read('SELECT id FROM approval_history')).toEqual([{ id: oldest.id }])
})
