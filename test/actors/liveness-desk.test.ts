import { Database } from 'bun:sqlite'
import { test as declare, describe, expect } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUIDv7 } from 'bun'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { FakeClaudeProcess, nameHost } from '../support/fake-claude-process.ts'
import { asksPermission, prompt, sessionEnd, sessionStart, stop, toolStarts } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import { Slots } from '../support/slots.ts'
import type { TestClient } from '../support/test-client.ts'

const slots = new Slots(4)
/** They wait more than they work, but too many at once would be late. */
const test = (name: string, body: () => Promise<void>) => declare.concurrent(name, () => slots.run(body), 60_000)

/** A server on a machine that has a name, a Claude on it, and a client that follows the list. */
async function aWorld(sessionId = randomUUIDv7()) {
  const resources = new AsyncDisposableStack()
  const home = mkdtempSync(join(tmpdir(), 'orbitdock-liveness-'))
  resources.defer(() => rmSync(home, { recursive: true, force: true }))
  nameHost(home)
  const server = resources.use(await LocalServer.start({ home }))
  const claude = resources.use(new FakeClaudeProcess({ home, sessionId }))
  const client = await server.client()
  await client.followList()
  return { home, server, claude, client, sessionId, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/** The same with a session at work, which the client follows. */
async function aWorldAtWork() {
  const world = await aWorld()
  const { server, claude, client, sessionId } = world
  claude.note('busy')
  await server.hook(prompt(sessionId, 'Go', claude.origin))
  await client.follow(sessionId)
  return world
}

const until = (client: TestClient, sessionId: string, status: SessionState['work_status']) =>
  client.waitForView(sessionId, status, ({ work_status }) => work_status === status, 4_000)

describe('a session whose hooks keep silent', () => {
  test('has ended its turn when its record says so', async () => {
    await using world = await aWorldAtWork()
    world.claude.note('idle')
    await until(world.client, world.sessionId, 'waiting')
  })

  test('has the name that a person gave it at rest', async () => {
    await using world = await aWorldAtWork()
    const { server, claude, client, sessionId } = world
    claude.note('idle', { name: 'project-1' })
    await server.hook(stop(sessionId, claude.origin))
    await until(client, sessionId, 'waiting')
    claude.write({ type: 'custom-title', customTitle: 'The login bug', sessionId })
    claude.note('idle', { name: 'The login bug' })
    await client.waitForView(sessionId, 'its name', ({ custom_name }) => custom_name === 'The login bug', 4_000)
  })

  test('waits for its user while nothing but a shell runs behind it', async () => {
    await using world = await aWorldAtWork()
    world.claude.note('shell')
    await until(world.client, world.sessionId, 'waiting')
  })

  test('asks when its record says so, and goes on when that says so', async () => {
    await using world = await aWorldAtWork()
    await world.server.hook(toolStarts(world.sessionId, 't1', world.claude.origin))
    world.claude.note('waiting', { waitingFor: 'permission prompt' })
    await until(world.client, world.sessionId, 'permission')
    world.claude.note('busy')
    await until(world.client, world.sessionId, 'working')
  })

  test('has had its answer in the terminal when it works on, and nobody is asked any more', async () => {
    await using world = await aWorldAtWork()
    const { server, claude, client, sessionId } = world
    await server.hook(toolStarts(sessionId, 't1', claude.origin))
    const asking = server.post(asksPermission(sessionId, claude.origin), { wait: true })
    await until(client, sessionId, 'permission')
    claude.note('waiting', { waitingFor: 'permission prompt' })
    claude.note('busy')
    const view = await until(client, sessionId, 'working')
    expect(view.pending_approval).toBeNull()
    expect((await asking).status).toBe(204)
  })

  test('is asked about a prompt as long as its record is from before it', async () => {
    await using world = await aWorldAtWork()
    const { home, server, claude, client, sessionId } = world
    await server.hook(toolStarts(sessionId, 't1', claude.origin))
    await server.hook(asksPermission(sessionId, claude.origin))
    await until(client, sessionId, 'permission')
    // Another session, whose record is as old, is repaired in the meantime.
    await using other = new FakeClaudeProcess({ home, sessionId: 'other' })
    other.note('idle')
    await server.hook(prompt('other', 'Go', other.origin))
    await client.follow('other')
    await until(client, 'other', 'waiting')
    expect(client.view(sessionId).work_status).toBe('permission')
  })

  test('has ended when its process was killed', async () => {
    await using world = await aWorldAtWork()
    const killedAt = performance.now()
    await world.claude.kill9()
    const { reason } = await world.client.expect('session_ended', () => true, 4_000)
    expect(reason).toBe('process_gone')
    expect(performance.now() - killedAt).toBeLessThan(3_000)
    // What comes later is stored later.
    await world.server.hook(prompt('other'))
    expect(world.server.read('SELECT * FROM session_processes')).toEqual([])
  })

  test('has ended when its process went on with another session', async () => {
    await using world = await aWorldAtWork()
    world.claude.note('idle', { sessionId: randomUUIDv7() })
    expect(await world.client.expect('session_ended')).toMatchObject({
      session_id: world.sessionId,
      reason: 'session_switched',
    })
  })

  test('that only started is forgotten with its process', async () => {
    await using world = await aWorld()
    const { server, claude, sessionId } = world
    claude.note('idle')
    await server.hook(sessionStart(sessionId, claude.origin))
    expect(server.read('SELECT session_id FROM pending_starts')).toHaveLength(1)
    await using other = new FakeClaudeProcess({ home: world.home, sessionId: 'other' })
    other.note('busy')
    await server.hook(prompt('other', 'Go', other.origin))
    await Promise.all([claude.kill9(), other.kill9()])
    await world.client.expect('session_ended')
    // Both were noticed at the same look; a third hook comes after whatever that brought.
    await server.hook(stop('other'))
    expect(server.read('SELECT session_id FROM pending_starts')).toEqual([])
  })
})

describe('a session of another host', () => {
  test('is not judged by the processes of this one', async () => {
    await using world = await aWorld()
    const { server, claude, client, sessionId } = world
    const origin = { ...claude.origin, host_id: 'container' }
    await server.hook(prompt(sessionId, 'Go', origin))
    await claude.kill9()
    await expectUntouched(world, client, sessionId)
  })

  test('is not judged either when it shares the name of the host but not its processes', async () => {
    await using world = await aWorld()
    const { server, client, sessionId, claude } = world
    await claude.kill9()
    await server.hook(prompt(sessionId, 'Go', claude.origin))
    await expectUntouched(world, client, sessionId)
  })

  test('is not judged by a record of another process table', async () => {
    await using world = await aWorld()
    const { server, claude, client, sessionId } = world
    await server.hook(prompt(sessionId, 'Go'))
    claude.note('idle', { pidDomain: 'linux:0123456789abcdef0123456789abcdef:pid:[1]' })
    await claude.kill9()
    await expectUntouched(world, client, sessionId)
  })

  test('is still one of another host after a restart', async () => {
    await using world = await aWorld()
    const { home, server, claude, sessionId } = world
    await server.hook(prompt(sessionId, 'Go', { ...claude.origin, host_id: 'container' }))
    claude.note('idle')
    await claude.kill9()
    await server.stop()
    await using next = await LocalServer.start({ home })
    const client = await next.client()
    await client.follow(sessionId)
    await expectUntouched({ ...world, server: next }, client, sessionId)
  })
})

/** Another session that is killed meanwhile shows that everybody was looked at. */
async function expectUntouched(
  { home, server }: { home: string; server: LocalServer },
  client: TestClient,
  sessionId: string,
): Promise<void> {
  const otherId = randomUUIDv7()
  await using other = new FakeClaudeProcess({ home, sessionId: otherId })
  other.note('busy')
  await server.hook(prompt(otherId, 'Go', other.origin))
  await other.kill9()
  await client.followList()
  await client.expect('session_ended', ({ session_id }) => session_id === otherId)
  expect(server.read('SELECT status, work_status FROM sessions WHERE id = ?', sessionId)).toEqual([
    { status: 'active', work_status: 'working' },
  ])
}

describe('a session that two processes hold', () => {
  test('goes on when one of them leaves, and ends with the other', async () => {
    await using world = await aWorldAtWork()
    const { home, server, claude, client, sessionId } = world
    await using second = new FakeClaudeProcess({ home, sessionId })
    second.note('idle')
    await server.hook(sessionStart(sessionId, { source: 'resume', ...second.origin }))
    await server.hook(sessionEnd(sessionId, claude.origin))
    await claude.leave()
    await until(client, sessionId, 'waiting')
    await second.kill9()
    expect(await client.expect('session_ended')).toMatchObject({ reason: 'process_gone' })
  })
})

describe('a start that names another session than its process', () => {
  test('wakes nobody, since the session was only forked', async () => {
    await using world = await aWorld()
    const { home, server, client, claude, sessionId } = world
    claude.note('idle')
    await server.hook(prompt(sessionId, 'Go', claude.origin))
    await server.hook(sessionEnd(sessionId, claude.origin))
    await claude.leave()
    const fork = randomUUIDv7()
    await using forking = new FakeClaudeProcess({ home, sessionId: fork })
    forking.note('idle')
    await server.hook(sessionStart(sessionId, { source: 'resume', ...forking.origin }))
    await server.hook(prompt(fork, 'Go on', forking.origin))
    await client.expect('session_created', ({ session }) => session.id === fork)
    expect(server.read('SELECT status, end_reason FROM sessions WHERE id = ?', sessionId)).toEqual([
      { status: 'ended', end_reason: 'prompt_input_exit' },
    ])
  })

  test('counts once the record has followed, as in /resume', async () => {
    await using world = await aWorld()
    const { server, client, claude, sessionId } = world
    await server.hook(prompt(sessionId, 'Go'))
    await server.hook(sessionEnd(sessionId))
    claude.note('busy', { sessionId: randomUUIDv7() })
    await server.hook(sessionStart(sessionId, { source: 'resume', ...claude.origin }))
    expect(server.read('SELECT status FROM sessions WHERE id = ?', sessionId)).toEqual([{ status: 'ended' }])
    claude.note('idle')
    await client.expect('session_created', ({ session }) => session.id === sessionId && session.status === 'active')
  })
})

describe('a session that was made from another', () => {
  test('by /clear knows which', async () => {
    await using world = await aWorld()
    const { server, client, claude, sessionId } = world
    claude.note('idle')
    await server.hook(prompt(sessionId, 'Go', claude.origin))
    await server.hook(sessionEnd(sessionId, { reason: 'clear', ...claude.origin }))
    const next = randomUUIDv7()
    await server.hook(sessionStart(next, { source: 'clear', ...claude.origin }))
    await server.hook(prompt(next, 'Anew', claude.origin))
    expect((await client.follow(next)).forked_from_session_id).toBe(sessionId)
  })
})

describe('a server that starts', () => {
  test('ends sessions whose agent died while it was down', async () => {
    await using world = await aWorldAtWork()
    const { home, server, claude, sessionId } = world
    await server.hook(toolStarts(sessionId, 't1', claude.origin))
    await server.stop()
    await claude.kill9()
    await using next = await LocalServer.start({ home })
    const client = await next.client()
    const [listed] = await client.followList()
    expect(listed).toMatchObject({ id: sessionId, status: 'active' })
    expect(await client.expect('session_ended', () => true, 3_000)).toMatchObject({ reason: 'process_gone' })
  })

  test('is not taken in by another process that has the id of an agent', async () => {
    await using world = await aWorldAtWork()
    const { home, server, sessionId } = world
    await server.stop()
    const db = new Database(server.databasePath)
    db.run("UPDATE session_processes SET started = '1'")
    db.close()
    world.claude.forget()
    await using next = await LocalServer.start({ home })
    const client = await next.client()
    await client.followList()
    expect(await client.expect('session_ended', () => true, 3_000)).toMatchObject({
      session_id: sessionId,
      reason: 'process_gone',
    })
  })

  test('ends sessions of which it hears only when their agent is dead', async () => {
    await using world = await aWorld()
    const { server, claude, client, sessionId } = world
    await claude.kill9()
    const minuteAgo = Math.floor(Date.now() / 1_000) - 60
    await server.hook(prompt(sessionId, 'Go', { ...claude.origin, sent_at: minuteAgo }))
    expect(await client.expect('session_ended', () => true, 3_000)).toMatchObject({ reason: 'process_gone' })
  })

  test('finds what their records say now', async () => {
    await using world = await aWorldAtWork()
    const { home, server, claude, sessionId } = world
    await server.stop()
    claude.note('idle')
    await using next = await LocalServer.start({ home })
    const client = await next.client()
    await client.follow(sessionId)
    await until(client, sessionId, 'waiting')
  })

  test('leaves alone those whose agent lives', async () => {
    await using world = await aWorldAtWork()
    const { home, server, sessionId } = world
    await server.stop()
    await using next = await LocalServer.start({ home })
    await expectUntouched({ home, server: next }, await next.client(), sessionId)
  })
})

const line = (type: 'user' | 'assistant', content: string) => ({
  type,
  uuid: crypto.randomUUID(),
  timestamp: new Date().toISOString(),
  message: {
    role: type,
    content: [{ type: 'text', text: content }],
    ...(type === 'assistant' && { stop_reason: 'end_turn' }),
  },
})

describe('a session without hooks', () => {
  test('appears with the first line of its transcript, is what its record says, and ends with its process', async () => {
    await using world = await aWorld()
    const { claude, client, sessionId } = world
    claude.note('idle')
    claude.note('busy')
    claude.write(line('user', 'Hello there'))
    const { session } = await client.expect('session_created')
    expect(session).toMatchObject({ id: sessionId, observed: 'transcript', project_path: '/proj' })
    await client.follow(sessionId)
    const working = await until(client, sessionId, 'working')
    expect(working.first_prompt).toBe('Hello there')
    claude.write(line('assistant', 'Hello yourself'))
    claude.note('idle')
    await client.waitForView(sessionId, 'the answer', ({ messages }) => messages.length === 2)
    await until(client, sessionId, 'waiting')
    await claude.kill9()
    expect(await client.expect('session_ended', () => true, 3_500)).toMatchObject({ reason: 'process_gone' })
  })

  test('is what its transcript says where its record does not', async () => {
    await using world = await aWorld()
    const { claude, client, sessionId } = world
    claude.note(undefined, { entrypoint: 'sdk-cli' })
    claude.write(line('user', 'Hello there'))
    await client.expect('session_created')
    await client.follow(sessionId)
    await until(client, sessionId, 'working')
    claude.write(line('assistant', 'Hello yourself'))
    await until(client, sessionId, 'waiting')
  })

  test('does not appear before it has a transcript, nor when its hooks are only slow', async () => {
    await using world = await aWorld()
    const { home, server, claude, client, sessionId } = world
    claude.note('idle')
    await server.hook(sessionStart(sessionId, claude.origin))
    claude.write(line('user', 'Not yet'))
    await using other = new FakeClaudeProcess({ home, sessionId: randomUUIDv7() })
    other.note('idle')
    await using third = new FakeClaudeProcess({ home, sessionId: randomUUIDv7() })
    third.note('busy')
    third.write(line('user', 'Hello'))
    await client.expect('session_created')
    expect(client.frames.filter(({ type }) => type === 'session_created')).toHaveLength(1)
  })

  test('is an ordinary one from its first hook on', async () => {
    await using world = await aWorld()
    const { server, claude, client, sessionId } = world
    claude.note('busy')
    claude.write(line('user', 'Hello'))
    await client.expect('session_created')
    await client.follow(sessionId)
    await server.hook(stop(sessionId, claude.origin))
    await client.waitForView(sessionId, 'hooks', ({ observed }) => observed === undefined || observed === null)
  })
})
