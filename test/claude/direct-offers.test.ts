/** What clients can learn of a Claude that the server drives: what it offers, its MCP servers, its context. */
import { expect } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { turnEndedWith } from './conversation.ts'
import { type DirectWorld, directTest } from './direct-world.ts'

const HELLO = 'Hello from the scripted model.'
const MCP_SERVER = join(import.meta.dir, '..', 'support', 'mcp-server.ts')

/** Gives the user of a world these MCP servers, each with its arguments. */
function withMcpServers({ home }: DirectWorld, servers: Readonly<Record<string, readonly string[]>>): void {
  const path = join(home.home, '.claude.json')
  const entries = Object.entries(servers).map(([name, args]) => [
    name,
    { type: 'stdio', command: process.execPath, args: [MCP_SERVER, ...args], env: { SECRET: 'hidden' } },
  ])
  writeFileSync(
    path,
    JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), mcpServers: Object.fromEntries(entries) }),
  )
}

directTest(
  'what it offers is told before the first turn, and to those who come later, also after a restart',
  async (world) => {
    const client = await world.serve()
    const { id } = await world.createSession(client)
    const told = await client.expect('claude_capabilities')
    expect(told).toMatchObject({ session_id: id, account: 'api_key' })
    expect(told.agents).toContain('general-purpose')
    expect(told.permission_modes).toEqual(['default', 'acceptEdits', 'plan', 'dontAsk', 'auto'])
    expect(told.models?.[0]).toMatchObject({
      value: 'default',
      supported_efforts: expect.arrayContaining(['low', 'high']),
    })
    client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
    const whole = await client.expect('claude_capabilities', ({ tools }) => tools.includes('Bash'))
    expect(whole.slash_commands).toContain('compact')
    expect(whole.models).toEqual(told.models ?? [])
    await turnEndedWith(client, id, HELLO)
    client.send({ type: 'send_message', session_id: id, content: '[s:plain] Hello' })
    await turnEndedWith(client, id, HELLO)
    expect(client.frames.filter(({ type }) => type === 'claude_capabilities')).toHaveLength(2)
    await world.server.restart()
    const later = await world.server.client()
    await later.follow(id)
    const { revision: _, ...known } = whole
    expect(await later.expect('claude_capabilities')).toEqual(known)
    later.send({ type: 'list_claude_models' })
    expect((await later.expect('claude_models_list')).models).toEqual(whole.models ?? [])
    later.send({ type: 'list_claude_models', session_id: id })
    expect(await later.expect('claude_models_list')).toMatchObject({ session_id: id, models: whole.models ?? [] })
    later.send({ type: 'get_context_usage', session_id: id })
    expect(await later.expect('error')).toMatchObject({
      code: 'session_not_found',
      message: expect.stringContaining('next message'),
    })
  },
)

directTest('MCP servers are told as they start, with their tools and none of their secrets', async (world) => {
  withMcpServers(world, { demo: [], broken: ['--broken'] })
  const client = await world.serve()
  const { id } = await world.createSession(client)
  const complete = await client.expect('mcp_startup_complete')
  expect(complete).toMatchObject({ ready: ['demo'], failed: [{ server: 'broken' }], cancelled: [] })
  client.send({ type: 'list_mcp_tools', session_id: id })
  const list = await client.expect('mcp_tools_list')
  expect(Object.keys(list.tools)).toEqual(['mcp__demo__add', 'mcp__demo__ask'])
  expect(Object.keys(list.auth_statuses).sort()).toEqual(['broken', 'demo'])
  expect(JSON.stringify(client.frames)).not.toContain('hidden')
  client.send({ type: 'refresh_mcp_servers', session_id: id, command_id: 'again' })
  const again = await client.expect('mcp_startup_complete')
  expect(again).toMatchObject({ ready: ['demo'], failed: [{ server: 'broken' }] })
  expect(await client.expect('command_ack')).toMatchObject({ command_id: 'again', ok: true })
})

directTest(
  'what fills the context is told, and the counters are those of the context',
  async ({ serve, createSession }) => {
    const client = await serve()
    const { id } = await createSession(client, { allowed_tools: ['Bash'] })
    // It is only starting.
    client.send({ type: 'get_context_usage', session_id: id })
    expect((await client.expect('context_usage')).max_tokens).toBeGreaterThan(0)
    client.send({ type: 'send_message', session_id: id, content: '[s:bash] Say hello' })
    const { token_usage } = await turnEndedWith(client, id, 'It said hello.')
    client.send({ type: 'get_context_usage', session_id: id })
    const usage = await client.expect('context_usage')
    expect(usage.total_tokens).toBeGreaterThan(0)
    expect(usage.max_tokens).toBe(token_usage.context_window)
    expect(usage.categories.map(({ name }) => name)).toContain('System prompt')
    // Two requests of 400 and 1024 and 128 tokens each: their sum would be twice that.
    expect(token_usage.input_tokens).toBe(1552)
  },
)

directTest('an MCP server that takes its time is starting until it is ready', async (world) => {
  const file = join(world.home.project, 'go')
  withMcpServers(world, { slow: ['--slow', file] })
  const client = await world.serve()
  const { id } = await world.createSession(client)
  const first = await client.expect('mcp_startup_update')
  expect(first).toMatchObject({ session_id: id, server: 'slow', status: { state: 'starting' } })
  writeFileSync(file, '')
  expect(await client.expect('mcp_startup_update')).toMatchObject({ server: 'slow', status: { state: 'ready' } })
  expect(await client.expect('mcp_startup_complete')).toMatchObject({ ready: ['slow'], failed: [] })
  const late = await world.server.client()
  await late.follow(id)
  expect(await late.expect('mcp_startup_update')).toMatchObject({ server: 'slow', status: { state: 'ready' } })
  await late.expect('mcp_startup_complete')
})
