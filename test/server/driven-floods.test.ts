/** Agents that say too much, or do not listen, are their own session's business alone. */
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { prompt } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import { processesWith } from '../support/processes.ts'
import type { TestClient } from '../support/test-client.ts'

const claudeBin = join(import.meta.dir, '..', 'support', 'flooding-claude.ts')
const MEGABYTE = 1024 * 1024

async function driven(client: TestClient, cwd: string): Promise<string> {
  client.send({ type: 'create_session', provider: 'claude', cwd })
  return (await client.expect('session_snapshot')).session.id
}

/** The session once the turn of this prompt is over. */
function answered(client: TestClient, id: string, content: string, turn: number): Promise<SessionState> {
  client.send({ type: 'send_message', session_id: id, content })
  const isOver = ({ turn_count, work_status }: SessionState) => turn_count === turn && work_status === 'waiting'
  return client.waitForView(id, `the end of turn ${turn}`, isOver, 60_000)
}

test('a flood of text comes whole, and others are served meanwhile by the same thread', async () => {
  await using server = await LocalServer.start({ flags: { claudeBin } })
  const client = await server.client()
  const id = await driven(client, server.home)
  const lines = 200_000
  const over = answered(client, id, `lines ${lines}`, 1)
  await client.waitForView(id, 'its beginning', ({ messages }) => messages.length === 2)
  expect(await server.hook(prompt('other'))).toBe(204)
  await over
  client.send({ type: 'rename_session', session_id: id, name: 'Flooded', command_id: 'stored' })
  await client.expect('command_ack')
  const [row] = server.read<{ chars: number }>(
    `SELECT length(content) AS chars FROM messages WHERE session_id = ? AND type = 'assistant'`,
    id,
  )
  expect(row?.chars).toBe(lines * ' word'.length)
  expect(processesWith(id)).toHaveLength(1)
}, 90_000)

test('a line of 40 MB is a row, which clients see the beginning of', async () => {
  await using server = await LocalServer.start({ flags: { claudeBin } })
  const client = await server.client()
  const id = await driven(client, server.home)
  const view = await answered(client, id, `line ${40 * MEGABYTE}`, 1)
  expect(view.messages.at(-1)?.content.length).toBeLessThan(MEGABYTE)
  expect((await answered(client, id, 'line 5', 2)).messages.at(-1)?.content).toBe('xxxxx')
}, 90_000)

test('complaints without end are read, and only their end is kept', async () => {
  await using server = await LocalServer.start({ flags: { claudeBin } })
  const client = await server.client()
  const id = await driven(client, server.home)
  await answered(client, id, `stderr ${20 * MEGABYTE}`, 1)
  const [pid = 0] = processesWith(id)
  process.kill(pid, 'SIGKILL')
  const isTold = ({ messages }: SessionState) => messages.some(({ content }) => content.includes('Claude Code left'))
  const { messages } = await client.waitForView(id, 'its end', isTold)
  expect(messages.at(-1)?.content.length).toBeLessThan(5_000)
}, 60_000)
