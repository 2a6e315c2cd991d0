import { describe, expect, test } from 'bun:test'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SessionState } from '../../src/protocol/model/session.ts'
import { prompt, stop } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'
import type { TestClient } from '../support/test-client.ts'

/** Of a line; so few fit into the newest part that a snapshot wants more. */
const CHARS = 20_000
const LINES = 400
const SNAPSHOT_ROWS = 200

const textOf = (index: number) => `${index} ${'x'.repeat(CHARS)}`
const lines = Array.from({ length: LINES }, (_, index) => {
  const [type, role] = index % 2 === 0 ? ['user', 'user'] : ['assistant', 'assistant']
  const message = { role, content: [{ type: 'text', text: textOf(index) }] }
  return `${JSON.stringify({ type, uuid: `line-${index}`, timestamp: '2026-02-21T10:00:00.000Z', message })}\n`
})
const newest = (count: number) => Array.from({ length: count }, (_, index) => `s1:line-${LINES - count + index}`)
const idsOf = ({ messages }: SessionState) => messages.map(({ id }) => id)

function pathIn({ home }: LocalServer): string {
  return join(home, '.claude', 'projects', '-proj', 's1.jsonl')
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Everything that is stored, in the order of the conversation. */
function storedIds(server: LocalServer): readonly string[] {
  const sql = 'SELECT id FROM messages WHERE session_id = ? ORDER BY sequence'
  return server.read<{ id: string }>(sql, 's1').map(({ id }) => id)
}

function filled(client: TestClient): Promise<SessionState> {
  return client.waitForView(
    's1',
    'as many rows as a snapshot holds',
    ({ messages }) => messages.length >= SNAPSHOT_ROWS,
  )
}

describe('a long transcript', () => {
  test('shows its newest rows at once, then those before them, and all of it is stored in order', async () => {
    await using server = await LocalServer.start()
    write(pathIn(server), lines.join(''))
    await server.hook(stop('s1', { transcript_path: pathIn(server) }))
    const client = await server.client()
    const first = idsOf(await client.follow('s1'))
    expect(first).toEqual(newest(first.length))
    expect(first.length).toBeGreaterThan(10)
    expect(idsOf(await filled(client))).toEqual(newest(SNAPSHOT_ROWS))
    expect(storedIds(server)).toEqual(newest(LINES))
    expect(client.view('s1').first_prompt).toStartWith('0 xxx')
  })

  test('is read to its beginning by the next process where one was stopped in between', async () => {
    const server = await LocalServer.start()
    write(pathIn(server), lines.join(''))
    await server.hook(stop('s1', { transcript_path: pathIn(server) }))
    await (await server.client()).follow('s1')
    await server.stop()
    const before = storedIds(server).length
    expect(before).toBeLessThan(LINES)
    await using next = await LocalServer.start({ home: server.home })
    const client = await next.client()
    await client.follow('s1')
    expect(idsOf(await filled(client))).toEqual(newest(SNAPSHOT_ROWS))
    expect(storedIds(next)).toEqual(newest(LINES))
  })

  test('tells its new lines meanwhile, behind everything', async () => {
    await using server = await LocalServer.start()
    write(pathIn(server), lines.join(''))
    await server.hook(prompt('s1', 'Go on', { transcript_path: pathIn(server) }))
    const client = await server.client()
    await client.follow('s1')
    const message = { role: 'assistant', content: [{ type: 'text', text: 'news' }] }
    appendFileSync(pathIn(server), `${JSON.stringify({ type: 'assistant', uuid: 'news', message })}\n`)
    await client.expect('message_appended', ({ message: { content } }) => content === 'news')
    await filled(client)
    expect(idsOf(client.view('s1')).at(-1)).toBe('s1:news')
    expect(storedIds(server).at(-1)).toBe('s1:news')
  })
})

describe('what was in a transcript when its session was first seen', () => {
  test('is there when the file has gone, also after a restart', async () => {
    const server = await LocalServer.start()
    write(pathIn(server), lines.slice(-3).join(''))
    await server.hook(stop('s1', { transcript_path: pathIn(server) }))
    await (await server.client()).follow('s1')
    await server.stop()
    rmSync(pathIn(server))
    await using next = await LocalServer.start({ home: server.home })
    expect(idsOf(await (await next.client()).follow('s1'))).toEqual(newest(3))
  })

  test('is stored though nobody asks for a session that an earlier server listed and never read', async () => {
    const server = await LocalServer.start()
    await server.hook(stop('s1', { transcript_path: pathIn(server) }))
    await server.stop()
    write(pathIn(server), lines.slice(-3).join(''))
    const reader = await LocalServer.start({ home: server.home })
    const client = await reader.client()
    await client.followList()
    await client.expect('session_delta', ({ changes }) => changes.last_message !== undefined)
    await reader.stop()
    rmSync(pathIn(server))
    await using next = await LocalServer.start({ home: server.home })
    expect(idsOf(await (await next.client()).follow('s1'))).toEqual(newest(3))
  })
})
