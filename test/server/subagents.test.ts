import { describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { prompt, toolStarts } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

function write(path: string, ...lines: object[]): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

/** A session at work, and a client that follows it. */
async function serving(home?: string) {
  const server = await LocalServer.start(home === undefined ? {} : { home })
  const transcript = join(server.home, '.claude', 'projects', 'p', 's1.jsonl')
  const files = join(dirname(transcript), 's1', 'subagents')
  if (home === undefined) {
    write(transcript)
    await server.hook(prompt('s1', 'go', { transcript_path: transcript }))
  }
  const client = await server.client()
  await client.follow('s1')
  const subagent = (hook_event_name: string, agent_id: string, over: object = {}) =>
    server.hook({ type: 'claude_subagent_event', session_id: 's1', hook_event_name, agent_id, ...over })
  const shown = (isRight: (ids: Record<string, string | undefined>) => boolean) =>
    client.waitForView('s1', 'its subagents', ({ subagents = [] }) =>
      isRight(Object.fromEntries(subagents.map(({ id, status }) => [id, status]))),
    )
  return { server, files, client, subagent, shown, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

describe('followers', () => {
  test('hear of a subagent when it starts, calls a tool, and ends', async () => {
    await using world = await serving()
    await world.subagent('SubagentStart', 'a1', { agent_type: 'Explore' })
    expect((await world.client.expect('subagent_updated')).subagent).toMatchObject({ id: 'a1', status: 'running' })
    await world.server.hook(toolStarts('s1', 't9', { agent_id: 'a1', agent_type: 'Explore', tool_name: 'Grep' }))
    expect((await world.client.expect('subagent_updated')).subagent).toMatchObject({ tool_count: 1, last_tool: 'Grep' })
    await world.subagent('SubagentStop', 'a1', { agent_type: 'Explore', last_assistant_message: 'All fine.' })
    expect((await world.client.expect('subagent_updated')).subagent).toMatchObject({
      status: 'completed',
      ended_at: expect.any(String),
      last_message: 'All fine.',
    })
  })

  test('see no call of a subagent among the rows of the session', async () => {
    await using world = await serving()
    await world.server.hook(toolStarts('s1', 't9', { agent_id: 'a1', agent_type: 'Explore' }))
    const called = await world.client.expect('subagent_updated', ({ subagent }) => subagent.tool_count === 1)
    expect(called.subagent).toMatchObject({ id: 'a1', agent_type: 'Explore' })
    const { messages } = world.client.view('s1')
    expect(messages.filter(({ message_type }) => message_type === 'tool')).toEqual([])
  })

  test('learn from the note of Claude which call started it', async () => {
    await using world = await serving()
    const note = { agentType: 'Explore', description: 'Look around', toolUseId: 't1', parentAgentId: 'a0' }
    write(join(world.files, 'agent-a1.meta.json'), note)
    await world.subagent('SubagentStart', 'a1', { agent_type: 'Explore' })
    const known = await world.client.expect('subagent_updated', ({ subagent }) => subagent.tool_use_id === 't1')
    expect(known.subagent).toMatchObject({ description: 'Look around', parent_id: 'a0', status: 'running' })
  })

  test('see them after a restart, and those that ran in a session that is over as stopped', async () => {
    const first = await serving()
    await first.subagent('SubagentStart', 'a1', { agent_type: 'Explore' })
    await first.shown(({ a1 }) => a1 === 'running')
    await first.server.stop()
    await using second = await serving(first.server.home)
    expect(second.client.view('s1').subagents).toMatchObject([{ id: 'a1', status: 'running' }])
    await second.server.hook({ type: 'claude_session_end', session_id: 's1', reason: 'other' })
    await second.shown(({ a1 }) => a1 === 'stopped')
    expect(second.server.read('SELECT outcome FROM subagents')).toEqual([{ outcome: 'stopped' }])
  })
})

describe('the conversation of a subagent', () => {
  const line = (type: string, uuid: string, content: unknown) => ({
    type,
    uuid,
    isSidechain: true,
    timestamp: '2026-11-21T02:17:29.000Z',
    message: { role: type, content },
  })
  const asked = line('user', 'u1', 'Look around.')
  const called = line('assistant', 'u2', [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } }])
  const printed = line('user', 'u3', [{ type: 'tool_result', tool_use_id: 't1', content: 'README.md' }])
  const answered = line('assistant', 'u4', [{ type: 'text', text: 'There is a file.' }])

  async function conversation({ client }: Awaited<ReturnType<typeof serving>>, subagent_id = 'a1') {
    client.send({ type: 'get_subagent_messages', session_id: 's1', subagent_id })
    return client.expect('subagent_messages')
  }

  test('is read from its own transcript, while it runs and afterwards', async () => {
    await using world = await serving()
    expect((await conversation(world)).messages).toEqual([])
    write(join(world.files, 'agent-a1.jsonl'), asked, called)
    await world.subagent('SubagentStart', 'a1', { agent_type: 'Explore' })
    expect((await conversation(world)).messages.map(({ message_type }) => message_type)).toEqual(['user', 'tool'])
    write(join(world.files, 'agent-a1.jsonl'), asked, called, printed, answered)
    const { messages, ...rest } = await conversation(world)
    expect(rest).toMatchObject({ session_id: 's1', subagent_id: 'a1', has_more_before: false })
    expect(messages).toMatchObject([
      { message_type: 'user', content: 'Look around.', session_id: 's1' },
      { message_type: 'tool', tool_name: 'Bash', tool_output: 'README.md' },
      { message_type: 'assistant', content: 'There is a file.' },
    ])
    expect(world.client.view('s1').messages.map(({ content }) => content)).not.toContain('There is a file.')
  })

  test('begins with its newest rows where it is long', async () => {
    await using world = await serving()
    const rows = Array.from({ length: 201 }, (_, index) => line('assistant', `r${index}`, `${index}`))
    write(join(world.files, 'agent-a1.jsonl'), ...rows)
    const { messages, has_more_before } = await conversation(world)
    expect([messages.length, messages[0]?.content, has_more_before]).toEqual([200, '1', true])
  })

  test('is empty for what is no id of one', async () => {
    await using world = await serving()
    write(join(world.files, 'agent-a1.jsonl'), asked)
    expect((await conversation(world, '../agent-a1')).messages).toEqual([])
  })
})
