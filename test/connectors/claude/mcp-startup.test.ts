import { expect, test } from 'bun:test'
import { mcpServersIn, mcpToolsList } from '../../../src/connectors/claude/mcp-servers.ts'
import { McpStartup } from '../../../src/connectors/claude/mcp-startup.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { MCP_LOOK_MS, MCP_LOOKS_MAX } from '../../../src/lib/limits.ts'
import type { ServerMessage } from '../../../src/protocol/server/index.ts'
import { HeldTimers } from '../../support/held-timers.ts'

function startup(statusAt: (look: number) => JsonObject) {
  const timers = new HeldTimers()
  const frames: ServerMessage[] = []
  let looks = 0
  const watched = new McpStartup({
    sessionId: 's1',
    timers,
    tell: (told) => frames.push(...told),
    status: async () => statusAt(++looks),
  })
  /** Lets a time between two looks pass, and the answer come. */
  const look = async () => {
    timers.pass(MCP_LOOK_MS)
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  return { watched, frames, look, looks: () => looks }
}

const server = (name: string, status: string) => ({ name, status })

test('servers are looked at until none is starting, and each is told when it comes further', async () => {
  const { watched, frames, look, looks } = startup((at) => ({
    mcpServers: [server('a', 'connected'), server('b', at < 3 ? 'pending' : 'failed'), server('c', 'disabled')],
  }))
  await watched.watch()
  await look()
  await look()
  await look()
  expect(looks()).toBe(3)
  expect(frames).toMatchObject([
    { type: 'mcp_startup_update', server: 'a', status: { state: 'ready' } },
    { type: 'mcp_startup_update', server: 'b', status: { state: 'starting' } },
    { type: 'mcp_startup_update', server: 'c', status: { state: 'cancelled' } },
    { type: 'mcp_startup_update', server: 'b', status: { state: 'failed' } },
    { type: 'mcp_startup_complete', ready: ['a'], failed: [{ server: 'b' }], cancelled: ['c'] },
  ])
})

test('one that never comes is given up', async () => {
  const { watched, frames, look, looks } = startup(() => ({ mcpServers: [server('a', 'pending')] }))
  await watched.watch()
  for (let at = 0; at < MCP_LOOKS_MAX + 2; at++) await look()
  expect(looks()).toBe(MCP_LOOKS_MAX)
  expect(frames.at(-1)).toMatchObject({ type: 'mcp_startup_complete', failed: [{ server: 'a' }] })
})

test('who begins anew is told everything again, and once', async () => {
  const { watched, frames, look, looks } = startup((at) => ({
    mcpServers: [server('a', at < 4 ? 'pending' : 'connected')],
  }))
  await Promise.all([watched.watch(), watched.watch()])
  await look()
  await look()
  await look()
  expect(looks()).toBe(4)
  expect(frames.map(({ type }) => type)).toEqual(['mcp_startup_update', 'mcp_startup_update', 'mcp_startup_complete'])
})

test('nobody looks any more when Claude has left, and nothing is told without servers', async () => {
  const left = startup(() => ({ mcpServers: [server('a', 'pending')] }))
  await left.watched.watch()
  left.watched.close()
  await left.look()
  expect(left.looks()).toBe(1)
  const none = startup(() => ({ mcpServers: [] }))
  await none.watched.watch()
  expect(none.frames).toEqual([])
})

test('tools are named as the model knows them, and a server without a login says so', () => {
  const tools = [{ name: 'find', description: 'Finds', annotations: { readOnlyHint: true } }]
  const servers = mcpServersIn({
    mcpServers: [
      { name: 'my docs', status: 'connected', config: { env: { SECRET: 'hidden' } }, tools },
      { name: 'mail', status: 'needs-auth' },
    ],
  })
  expect(mcpToolsList('s1', servers)).toMatchObject({
    tools: { mcp__my_docs__find: { name: 'find', description: 'Finds', inputSchema: {} } },
    auth_statuses: { 'my docs': 'unsupported', mail: 'not_logged_in' },
  })
  expect(servers[1]?.status).toEqual({ state: 'failed', error: expect.stringContaining('/mcp') })
  expect(JSON.stringify(servers)).not.toContain('hidden')
})
