import { describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { prompt } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

const call = {
  type: 'assistant',
  uuid: 'u1',
  message: { content: [{ type: 'tool_use', id: 't1', name: 'Read', input: { file_path: '/a/b.ts' } }] },
}
const result = { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 't1', content: 'ok' }] } }
const started = { id: 'u1-tool-0', tool_name: 'Read', summary: '/a/b.ts', is_in_progress: true }
const done = { ...started, output: 'ok', is_in_progress: false }

function write(path: string, ...lines: object[]): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

/** A session with one subagent. */
async function serving() {
  const server = await LocalServer.start()
  const projects = join(server.home, '.claude', 'projects', 'p')
  const transcript_path = join(projects, 's1.jsonl')
  write(transcript_path)
  await server.hook(prompt('s1', 'go', { transcript_path }))
  const subagent = (hook_event_name: string, over = {}) =>
    server.hook({ type: 'claude_subagent_event', session_id: 's1', hook_event_name, agent_id: 'a1', ...over })
  await subagent('SubagentStart', { agent_type: 'Explore' })
  const client = await server.client()
  const tools = async (subagent_id = 'a1', session_id = 's1') => {
    client.send({ type: 'get_subagent_tools', session_id, subagent_id })
    const answer = await client.expect('subagent_tools_list')
    expect(answer).toMatchObject({ session_id, subagent_id })
    return answer.tools
  }
  return { server, projects, subagent, tools, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

describe('the tools of a subagent', () => {
  test('are read from its own transcript, while it runs and afterwards', async () => {
    await using world = await serving()
    expect(await world.tools()).toEqual([])
    const path = join(world.projects, 's1', 'subagents', 'agent-a1.jsonl')
    write(path, call)
    expect(await world.tools()).toEqual([started])
    write(path, call, result)
    await world.subagent('SubagentStop', { agent_transcript_path: path })
    expect(await world.tools()).toEqual([done])
  })

  test('are none where nothing is known of it', async () => {
    await using world = await serving()
    expect(await world.tools('a2')).toEqual([])
    expect(await world.tools('a1', 'nobody')).toEqual([])
  })

  test('are none where its transcript is no transcript: a hook may name any file', async () => {
    await using world = await serving()
    const elsewhere = join(world.server.home, 'elsewhere', 'agent-a1.jsonl')
    write(elsewhere, call, result)
    await world.subagent('SubagentStop', { agent_transcript_path: elsewhere })
    expect(await world.tools()).toEqual([])
  })

  test('are known again after a restart', async () => {
    await using world = await serving()
    const path = join(world.projects, 'agent-a1.jsonl')
    write(path, call, result)
    await world.subagent('SubagentStop', { agent_transcript_path: path })
    await world.server.stop()
    await using second = await LocalServer.start({ home: world.server.home })
    const client = await second.client()
    client.send({ type: 'get_subagent_tools', session_id: 's1', subagent_id: 'a1' })
    expect((await client.expect('subagent_tools_list')).tools).toEqual([done])
  })
})
