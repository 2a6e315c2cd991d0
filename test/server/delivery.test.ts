import { describe, expect, test } from 'bun:test'
import { EVENT_IDS_MAX } from '../../src/lib/limits.ts'
import { prompt, sessionEnd, sessionStart, stop, toolEnds, toolStarts } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

/** Frames about one session, without those that every client gets. */
const about = (frames: readonly { type: string }[], sessionId: string) =>
  frames.filter((frame) => 'session_id' in frame && frame.session_id === sessionId)

describe('a hook', () => {
  test('is answered after its rows can be read by anybody', async () => {
    await using server = await LocalServer.start()
    expect(await server.hook(prompt('s1', 'hello'))).toBe(204)
    expect(server.read('SELECT first_prompt, work_status FROM sessions WHERE id = ?', 's1')).toEqual([
      { first_prompt: 'hello', work_status: 'working' },
    ])
    expect(await server.hook(toolStarts('s1', 't1'))).toBe(204)
    expect(await server.hook(toolEnds('s1', 't1'))).toBe(204)
    expect(server.read('SELECT type, tool_name, tool_output, tool_duration FROM messages')).toEqual([
      { type: 'tool', tool_name: 'Bash', tool_output: 'a.txt', tool_duration: 0.012 },
    ])
  })

  test('that comes twice counts once', async () => {
    await using server = await LocalServer.start()
    const body = prompt('s1')
    expect(await server.hook(body)).toBe(204)
    expect(await server.hook(body)).toBe(204)
    await server.hook(stop('s1'))
    await server.hook(stop('s1'))
    expect(server.read('SELECT prompt_count FROM sessions')).toEqual([{ prompt_count: 1 }])
  })

  test('that comes again after many others, from the spool, counts once', async () => {
    await using server = await LocalServer.start()
    const first = { ...prompt('s1'), sent_at: 1_700_000_000 }
    expect(await server.hook(first)).toBe(204)
    for (let event = 0; event < EVENT_IDS_MAX; event += 64)
      await Promise.all(Array.from({ length: 64 }, () => server.hook(stop('s1'))))
    expect(await server.hook(first)).toBe(204)
    expect(server.read('SELECT prompt_count, work_status FROM sessions')).toEqual([
      { prompt_count: 1, work_status: 'waiting' },
    ])
  })

  test('survives a start that showed no life yet', async () => {
    const first = await LocalServer.start()
    await first.hook(sessionStart('s1', { terminal_app: 'iTerm.app' }))
    await first.stop()
    await using server = await LocalServer.start({ home: first.home })
    const client = await server.client()
    expect(await client.followList()).toEqual([])
    await server.hook(prompt('s1'))
    const created = await client.expect('session_created')
    expect(created.session).toMatchObject({ id: 's1', model: 'claude-opus-4' })
    expect((await client.follow('s1')).terminal_app).toBe('iTerm.app')
  })
})

describe('a client', () => {
  test('that follows the list and a session gets each frame once, with a revision', async () => {
    await using server = await LocalServer.start()
    await server.hook(prompt('s1'))
    await server.hook(prompt('s2'))
    const client = await server.client()
    await client.followList()
    const { revision } = await client.follow('s1')
    const before = client.frames.length
    await server.hook(stop('s1'))
    await server.hook(stop('s2'))
    await client.expect('session_delta', ({ session_id }) => session_id === 's2')
    const after = client.frames.slice(before)
    const own = about(after, 's1').filter(({ type }) => type === 'session_delta')
    expect(own).toHaveLength(1)
    expect(own[0]).toMatchObject({ revision: (revision ?? 0) + 1 })
    expect(about(after, 's2').some((frame) => 'revision' in frame && frame.revision !== undefined)).toBe(false)
  })

  test('that unsubscribes hears only the list, and that subscribes twice hears once', async () => {
    await using server = await LocalServer.start()
    await server.hook(prompt('s1'))
    const client = await server.client()
    await client.follow('s1')
    await client.follow('s1')
    client.send({ type: 'rename_session', session_id: 's1', name: 'one' })
    await client.expect('session_delta')
    client.send({ type: 'unsubscribe_session', session_id: 's1' })
    client.send({ type: 'rename_session', session_id: 's1', name: 'two', command_id: 'c1' })
    await client.expect('command_ack')
    const names = client.frames.flatMap((frame) => (frame.type === 'session_delta' ? [frame.changes.custom_name] : []))
    expect(names).toEqual(['one'])
  })

  test('that comes back gets what it missed, or a snapshot where that is gone', async () => {
    await using server = await LocalServer.start()
    await server.hook(prompt('s1'))
    const client = await server.client()
    const { revision = 0 } = await client.follow('s1')
    client.send({ type: 'unsubscribe_session', session_id: 's1' })
    for (const name of ['one', 'two']) client.send({ type: 'rename_session', session_id: 's1', name })
    client.send({ type: 'subscribe_session', session_id: 's1', since_revision: revision })
    const one = await client.expect('session_delta', ({ changes }) => changes.custom_name === 'one')
    const two = await client.expect('session_delta', ({ changes }) => changes.custom_name === 'two')
    expect(one.revision).toBeGreaterThan(revision)
    expect(two.revision).toBeGreaterThan(one.revision ?? 0)
    expect(client.frames.filter(({ type }) => type === 'session_snapshot')).toHaveLength(1)
    client.send({ type: 'subscribe_session', session_id: 's1', since_revision: 1 })
    await client.expect('session_snapshot')
  })

  test('loses nothing between its snapshot and the frames after it', async () => {
    await using server = await LocalServer.start()
    await server.hook(prompt('s1'))
    const client = await server.client()
    const posts = Array.from({ length: 200 }, (_, index) => server.hook(toolStarts('s1', `t${index}`)))
    await client.follow('s1')
    await Promise.all(posts)
    const view = await client.waitForView('s1', '200 tools', ({ messages }) => messages.length === 200)
    expect(new Set(view.messages.map(({ id }) => id)).size).toBe(200)
    const revisions = client.frames.flatMap((frame) => ('revision' in frame && frame.revision ? [frame.revision] : []))
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
  })

  test('that opens thirty big sessions at once gets them all, each in a frame the app can read', async () => {
    await using server = await LocalServer.start()
    const text = 'x'.repeat(15_000)
    const ids = Array.from({ length: 30 }, (_, index) => `big-${index}`)
    await Promise.all(
      ids.map(async (id) => {
        await server.hook(prompt(id))
        await Promise.all(
          Array.from({ length: 80 }, (_, index) =>
            server.hook(toolStarts(id, `t${index}`, { tool_input: { command: text } })),
          ),
        )
      }),
    )
    const client = await server.client()
    for (const session_id of ids) client.send({ type: 'subscribe_session', session_id })
    for (const id of ids) {
      const { session } = await client.expect('session_snapshot', ({ session }) => session.id === id)
      expect(session.messages.length).toBeGreaterThan(20)
      expect(Buffer.byteLength(JSON.stringify(session))).toBeLessThan(1024 * 1024)
    }
  })

  test('that asks for an unknown session is told so, and after an end the session is listed as ended', async () => {
    await using server = await LocalServer.start()
    const client = await server.client()
    client.send({ type: 'subscribe_session', session_id: 'ghost' })
    expect(await client.expect('error')).toMatchObject({ code: 'not_found', session_id: 'ghost' })
    await server.hook(prompt('s1'))
    await server.hook(sessionEnd('s1'))
    expect(await client.followList()).toMatchObject([{ id: 's1', status: 'ended', work_status: 'ended' }])
  })

  test('reads its own writes', async () => {
    await using server = await LocalServer.start()
    await server.hook(prompt('s1'))
    await server.hook(toolStarts('s1', 't1'))
    const waiting = server.post({ ...toolStarts('s1', 't1'), hook_event_name: 'PermissionRequest' }, { wait: true })
    const client = await server.client()
    await client.followList()
    const session = await client.follow('s1')
    const request_id = session.pending_approval?.id ?? (await client.expect('approval_requested')).request.id
    client.send({ type: 'approve_tool', session_id: 's1', request_id, decision: 'approved' })
    client.send({ type: 'list_approvals', session_id: 's1' })
    const { approvals } = await client.expect('approvals_list')
    expect(approvals).toMatchObject([{ request_id, decision: 'approved' }])
    expect((await waiting).status).toBe(200)
  })
})
