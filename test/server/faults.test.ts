import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import type { HostThread } from '../../src/actors/host-slot.ts'
import { workerPort } from '../../src/lib/port.ts'
import { type Threads, workerThreads } from '../../src/threads.ts'
import { asksPermission, prompt, toolStarts } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import { gone, processesWith } from '../support/processes.ts'

/** Actors in workers that fail on request; `workers` are those that were started, in order. */
function faultyThreads(silenceMs?: number): Threads & { readonly workers: Worker[] } {
  const workers: Worker[] = []
  const actors = (): HostThread => {
    const worker = new Worker(new URL('../support/faulty-host.worker.ts', import.meta.url).href)
    workers.push(worker)
    let died: (reason: string) => void = () => {}
    worker.addEventListener('error', (event) => event.preventDefault())
    worker.addEventListener('close', () => died('the worker ended'))
    return {
      port: workerPort(worker),
      onDeath: (listener) => {
        died = listener
      },
    }
  }
  return { workers, actors, store: workerThreads.store, ...(silenceMs !== undefined && { silenceMs }) }
}

const SESSIONS = 5
const EVENTS = 120

/** Posts events of several sessions, each session's in order; calls `between` in the middle. */
async function load(server: LocalServer, between: (event: number) => Promise<void> | void): Promise<void> {
  await Promise.all(
    Array.from({ length: SESSIONS }, async (_, session) => {
      expect(await server.hook(prompt(`s${session}`))).toBe(204)
      for (let event = 0; event < EVENTS; event++) {
        if (session === 0) await between(event)
        expect(await server.hook(toolStarts(`s${session}`, `t${event}`))).toBe(204)
      }
    }),
  )
}

function expectEverything(server: LocalServer): void {
  for (let session = 0; session < SESSIONS; session++) {
    const rows = server.read<{ id: string; sequence: number }>(
      'SELECT id, sequence FROM messages WHERE session_id = ? ORDER BY sequence',
      `s${session}`,
    )
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: EVENTS }, (_, event) => `s${session}:t${event}`))
    expect(new Set(rows.map(({ sequence }) => sequence)).size).toBe(EVENTS)
  }
}

describe('a thread of actors', () => {
  test.each(['throw', 'later'])(
    'that fails (%s) under load costs no acknowledged event and no order',
    async (fault) => {
      const threads = faultyThreads()
      await using server = await LocalServer.start({ threads })
      const client = await server.client()
      await client.followList()
      let refused = 0
      await load(server, async (event) => {
        if (event === 40) refused = await server.hook(prompt('poison', `fault:${fault}`))
      })
      expectEverything(server)
      expect(threads.workers.length).toBeGreaterThan(1)
      if (fault === 'throw') expect(refused).toBe(422)
      expect(await server.hook(prompt('after'))).toBe(204)
    },
  )

  test('that is terminated while a post waits for an answer: the post is told to ask again, and then has it', async () => {
    const threads = faultyThreads()
    await using server = await LocalServer.start({ threads })
    await server.hook(prompt('s1'))
    await server.hook(toolStarts('s1', 't1'))
    const client = await server.client()
    await client.follow('s1')
    const body = asksPermission('s1')
    const post = server.post(body, { wait: true })
    await client.expect('approval_requested')
    // Clients hear of a prompt before it is stored; its post waits once that is done, and so has a later one been.
    await server.hook(toolStarts('s1', 't2'))
    threads.workers.at(-1)?.terminate()
    expect((await post).status).toBe(503)

    const again = server.post(body, { wait: true })
    await client.waitForView('s1', 'an answerable prompt', (view) => view.pending_approval?.answerable === true)
    const request_id = client.view('s1').pending_approval?.id ?? ''
    client.send({ type: 'approve_tool', session_id: 's1', request_id, decision: 'approved' })
    expect(await (await again).json()).toMatchObject({ hookSpecificOutput: { decision: { behavior: 'allow' } } })
  })

  test('that is terminated in the middle of load costs nothing, and followers see every frame in order', async () => {
    const threads = faultyThreads()
    await using server = await LocalServer.start({ threads })
    await server.hook(prompt('s1'))
    const client = await server.client()
    await client.follow('s1')
    await load(server, (event) => {
      if (event % 30 === 29) threads.workers.at(-1)?.terminate()
    })
    expectEverything(server)
    const ids = client.frames.flatMap((frame) => (frame.type === 'message_appended' ? [frame.message.id] : []))
    expect([...new Set(ids)]).toEqual(Array.from({ length: EVENTS }, (_, event) => `s1:t${event}`))
    const revisions = client.frames.flatMap((frame) => ('revision' in frame && frame.revision ? [frame.revision] : []))
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    expect(threads.workers.length).toBeGreaterThan(3)
  })

  test('that hangs is replaced, and the input that hangs it is dropped', async () => {
    const threads = faultyThreads(800)
    await using server = await LocalServer.start({ threads })
    const hanging = server.hook(prompt('poison', 'fault:hang'))
    const others = Array.from({ length: 10 }, (_, index) => server.hook(prompt(`s${index}`)))
    expect(await hanging).toBe(422)
    expect(new Set(await Promise.all(others))).toEqual(new Set([204]))
    expect(server.read('SELECT count(*) AS count FROM sessions')).toEqual([{ count: 10 }])
  }, 60_000)
})

test('an agent of a thread that died is ended by its successor, and its session goes on', async () => {
  const claudeBin = join(import.meta.dir, '..', 'support', 'quick-claude.ts')
  await using server = await LocalServer.start({ threads: faultyThreads(), flags: { claudeBin } })
  const client = await server.client()
  client.send({ type: 'create_session', provider: 'claude', cwd: server.home })
  const { id } = (await client.expect('session_snapshot')).session
  client.send({ type: 'send_message', session_id: id, content: '10000 20' })
  await client.expect('message_updated')
  const [pid = 0] = processesWith(id)
  expect(await server.hook(prompt('poison', 'fault:throw'))).toBe(422)
  await gone(pid)
  await client.waitForView(
    id,
    'rest, and why',
    ({ messages, work_status }) =>
      work_status === 'waiting' && messages.some(({ content }) => content.includes('while Claude was at work')),
  )
  client.send({ type: 'send_message', session_id: id, content: '1' })
  await client.waitForView(
    id,
    'another answer',
    ({ messages, work_status }) =>
      work_status === 'waiting' && messages.filter(({ message_type }) => message_type === 'user').length === 2,
  )
}, 30_000)
