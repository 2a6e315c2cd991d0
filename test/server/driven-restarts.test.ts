/** A server that was killed knows of its driven sessions where they were. */
import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { LocalServer } from '../support/local-server.ts'

const claudeBin = join(import.meta.dir, '..', 'support', 'quick-claude.ts')

test('a turn for which no agent had started when the server was killed is over, and says so', async () => {
  const first = await LocalServer.start({ flags: { claudeBin } })
  const { home, databasePath } = first
  const client = await first.client()
  client.send({ type: 'create_session', provider: 'claude', cwd: home })
  const { id } = (await client.expect('session_snapshot')).session
  client.send({ type: 'send_message', session_id: id, content: '1' })
  await client.waitForView(id, 'an answer', ({ messages, work_status }) => {
    return messages.length === 2 && work_status === 'waiting'
  })
  await first.stop()
  const db = new Database(databasePath)
  db.run(`UPDATE sessions SET work_status = 'working', current_turn_id = 'turn-2' WHERE id = ?`, [id])
  db.close()

  await using server = await LocalServer.start({ flags: { claudeBin }, home })
  const again = await server.client()
  await again.follow(id)
  const view = await again.waitForView(id, 'rest', ({ work_status, messages }) => {
    return work_status === 'waiting' && messages.length === 3
  })
  expect(view.messages.at(-1)?.content).toContain('was killed')
  again.send({ type: 'send_message', session_id: id, content: '1' })
  await again.waitForView(id, 'an answer', ({ messages, work_status }) => {
    return messages.length === 5 && work_status === 'waiting'
  })
  again.send({ type: 'rename_session', session_id: id, name: 'Gone on', command_id: 'stored' })
  await again.expect('command_ack')
  const noted = server.read<{ turn: string | null }>('SELECT current_turn_id AS turn FROM sessions')
  expect(noted).toEqual([{ turn: null }])
}, 60_000)
