/** Agents that the server drives come and go, and leave nothing. */
import { expect, test } from 'bun:test'
import { readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { LocalServer } from '../support/local-server.ts'
import { gone, processesWith } from '../support/processes.ts'
import { temporaryHome } from '../support/temporary-home.ts'
import type { TestClient } from '../support/test-client.ts'

const claudeBin = join(import.meta.dir, '..', 'support', 'quick-claude.ts')
const ROUNDS = 20
/** Sessions at a time. */
const SIDE_BY_SIDE = 5

/** A session from its beginning to its end; its id. */
async function oneSession(client: TestClient, cwd: string): Promise<string> {
  client.send({ type: 'create_session', provider: 'claude', cwd })
  const { id } = (await client.expect('session_snapshot')).session
  client.send({ type: 'send_message', session_id: id, content: '3' })
  await client.waitForView(
    id,
    'an answer',
    ({ messages, work_status }) => messages.length === 2 && work_status === 'waiting',
  )
  const [pid = 0] = processesWith(id)
  client.send({ type: 'end_session', session_id: id })
  await client.expect('session_ended')
  await gone(pid)
  return id
}

test('sessions that come and go leave no process and no open file', async () => {
  await using server = await LocalServer.start({ flags: { claudeBin } })
  const clients = await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => server.client()))
  const round = () => Promise.all(clients.map((client) => oneSession(client, server.home)))
  const ids = await round()
  const before = openFiles()
  for (let done = SIDE_BY_SIDE; done < ROUNDS; done += SIDE_BY_SIDE) ids.push(...(await round()))
  expect(openFiles()).toBeLessThanOrEqual(before + 2)
  for (const id of ids) expect(processesWith(id)).toEqual([])
}, 60_000)

test('an agent that cannot be started ends its session, and the client hears why', async () => {
  await using server = await LocalServer.start({ flags: { claudeBin: '/bin/false' } })
  const client = await server.client()
  client.send({ type: 'create_session', provider: 'claude', cwd: server.home, command_id: 'c1' })
  const { id } = (await client.expect('session_snapshot')).session
  const { code, message, session_id } = await client.expect('error')
  expect({ code, session_id }).toEqual({ code: 'claude_error', session_id: id })
  expect(message).toContain('exit code 1')
  expect(await client.expect('session_ended')).toMatchObject({ session_id: id, reason: 'connector_failed' })
})

test('a Claude that was removed meanwhile is told in the session, and found again once it is back', async () => {
  using place = temporaryHome()
  const program = join(place.path, 'claude')
  symlinkSync(claudeBin, program)
  await using server = await LocalServer.start({ flags: { claudeBin: program } })
  const client = await server.client()
  client.send({ type: 'create_session', provider: 'claude', cwd: server.home })
  const { id } = (await client.expect('session_snapshot')).session
  const ask = () => client.send({ type: 'send_message', session_id: id, content: '1' })
  const said = (words: string, times = 1) =>
    client.waitForView(
      id,
      `rest, with "${words}"`,
      ({ messages, work_status }) =>
        work_status === 'waiting' && messages.filter(({ content }) => content.includes(words)).length === times,
    )
  ask()
  const { messages } = await client.waitForView(id, 'an answer', (view) => view.messages.length === 2)
  expect(messages[1]?.message_type).toBe('assistant')
  rmSync(program)
  const [pid = 0] = processesWith(id)
  process.kill(pid, 'SIGKILL')
  await said('Claude Code left')
  ask()
  await said('Claude Code was not found')
  symlinkSync(claudeBin, program)
  ask()
  const view = await client.waitForView(
    id,
    'a second answer',
    (now) => now.work_status === 'waiting' && now.messages.filter(({ is_error }) => !is_error).length === 5,
  )
  expect(view.status).toBe('active')
}, 30_000)

test('a directory that is not there makes no session', async () => {
  await using server = await LocalServer.start({ flags: { claudeBin } })
  const client = await server.client()
  client.send({ type: 'create_session', provider: 'claude', cwd: '~/nowhere', command_id: 'c1' })
  expect(await client.expect('error')).toMatchObject({ code: 'invalid_argument', session_id: null })
  expect(await client.expect('command_ack')).toMatchObject({ command_id: 'c1', ok: false })
  expect(await client.followList()).toEqual([])
})

/** Where the system tells; nothing leaks elsewhere that does not leak there. */
function openFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
}
