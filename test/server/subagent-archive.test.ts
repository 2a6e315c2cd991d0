import { describe, expect, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { prompt, stop } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import type { TestClient } from '../support/test-client.ts'
import { within } from '../support/within.ts'

/** Milliseconds in which what a subagent leaves is kept, on a busy machine. */
const KEPT_MS = 20_000

const said = (uuid: string, text: string) => ({
  type: 'assistant',
  uuid,
  timestamp: '2026-02-21T10:00:00.000Z',
  isSidechain: true,
  message: { role: 'assistant', content: [{ type: 'text', text }] },
})
const call = {
  ...said('u2', ''),
  message: {
    role: 'assistant',
    content: [{ type: 'tool_use', id: 't1', name: 'Read', input: { file_path: '/a/b.ts' } }],
  },
}
const result = {
  ...said('u3', ''),
  type: 'user',
  message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'ok' }] },
}

function write(path: string, ...lines: object[]): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

/** A session with the subagent `a1`, which has said and called something. */
async function serving() {
  const server = await LocalServer.start()
  const transcript_path = join(server.home, '.claude', 'projects', 'p', 's1.jsonl')
  const path = join(dirname(transcript_path), 's1', 'subagents', 'agent-a1.jsonl')
  write(transcript_path)
  await server.hook(prompt('s1', 'go', { transcript_path }))
  const subagent = (hook_event_name: string) =>
    server.hook({
      type: 'claude_subagent_event',
      session_id: 's1',
      hook_event_name,
      agent_id: 'a1',
      agent_type: 'Explore',
    })
  await subagent('SubagentStart')
  write(path, said('u1', 'Looking.'), call, result)
  return { server, path, subagent, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** What a client is shown of the subagent. */
async function shownTo(client: TestClient, subagent_id = 'a1') {
  client.send({ type: 'get_subagent_tools', session_id: 's1', subagent_id })
  const { tools } = await client.expect('subagent_tools_list')
  client.send({ type: 'get_subagent_messages', session_id: 's1', subagent_id })
  const { messages, has_more_before } = await client.expect('subagent_messages')
  return { tools, messages, has_more_before }
}

/** Waits until everything of the subagent is kept that was there at its end. */
async function kept(server: LocalServer): Promise<void> {
  const client = await server.client()
  const sql = 'SELECT 1 FROM subagent_archive WHERE subagent_id = ? AND complete = 1'
  const look = async () => {
    // Each look takes a question and its answer.
    while (server.read(sql, 'a1').length < 2) await shownTo(client, 'nobody')
  }
  await within(KEPT_MS, look(), () => 'nothing was kept')
}

describe('what was shown of a subagent', () => {
  test('is shown when its agent has deleted the file, also after a restart', async () => {
    await using world = await serving()
    const shown = await shownTo(await world.server.client())
    expect(shown).toMatchObject({ tools: [{ tool_name: 'Read', output: 'ok' }], has_more_before: false })
    expect(shown.messages.map(({ content }) => content)).toContain('Looking.')
    rmSync(dirname(world.path), { recursive: true })
    expect(await shownTo(await world.server.client())).toEqual(shown)
    await world.server.stop()
    await using second = await LocalServer.start({ home: world.server.home })
    expect(await shownTo(await second.client())).toEqual(shown)
  })

  test('gives way to what the file says by now', async () => {
    await using world = await serving()
    const client = await world.server.client()
    await shownTo(client)
    write(world.path, said('u1', 'Looking.'), call, result, said('u4', 'Found it.'))
    const shown = await shownTo(client)
    expect(shown.messages.map(({ content }) => content)).toContain('Found it.')
    rmSync(world.path)
    expect(await shownTo(client)).toEqual(shown)
  })
})

describe('what a subagent leaves that nobody has looked at', () => {
  test('is kept when it ends', async () => {
    await using world = await serving()
    await world.subagent('SubagentStop')
    await kept(world.server)
    rmSync(world.path)
    const { tools, messages } = await shownTo(await world.server.client())
    expect(tools).toMatchObject([{ tool_name: 'Read', output: 'ok' }])
    expect(messages.map(({ content }) => content)).toContain('Looking.')
  })

  test('is kept later when the server was stopped meanwhile', async () => {
    await using world = await serving()
    await world.subagent('SubagentStop')
    await world.server.stop()
    await using second = await LocalServer.start({ home: world.server.home })
    await second.hook(stop('s1'))
    await kept(second)
    rmSync(world.path)
    expect((await shownTo(await second.client())).tools).toMatchObject([{ tool_name: 'Read', output: 'ok' }])
  })
})
