import { describe, expect, test } from 'bun:test'
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RECENT_ROWS_MAX } from '../../src/session/limits.ts'
import { prompt, stop } from '../support/hooks.ts'
import { LocalServer } from '../support/local-server.ts'

/** More than fit into the time in which a hook is followed up, if each line had to wait for that. */
const LINES = 25
/** Milliseconds from a line to its frame, on a busy machine; without a watch it would be seconds. */
const SOON_MS = 1_000

const line = (text: string) =>
  `${JSON.stringify({
    type: 'assistant',
    uuid: crypto.randomUUID(),
    timestamp: new Date().toISOString(),
    message: { role: 'assistant', content: [{ type: 'text', text }] },
  })}\n`

test('each line of a transcript is shown as it is written, though no hook tells of it', async () => {
  await using server = await LocalServer.start()
  const directory = join(server.home, '.claude', 'projects', '-proj')
  const transcript_path = join(directory, 's1.jsonl')
  await server.hook(prompt('s1', 'Write a book', { transcript_path }))
  const client = await server.client()
  await client.follow('s1')
  mkdirSync(directory, { recursive: true })
  for (let index = 0; index < LINES; index++) {
    appendFileSync(transcript_path, line(`chapter ${index}`))
    await client.expect('message_appended', ({ message }) => message.content === `chapter ${index}`, SOON_MS)
  }
  await server.hook(stop('s1', { transcript_path }))
  await client.waitForView('s1', 'the end of the turn', ({ work_status }) => work_status === 'waiting')
})

describe('a transcript that was shown', () => {
  const entry = (uuid: string, type: 'user' | 'assistant', ...content: readonly object[]) =>
    `${JSON.stringify({ type, uuid, timestamp: '2026-02-21T10:00:00.000Z', message: { role: type, content } })}\n`
  /** More rows than the session itself remembers. */
  const conversation = Array.from({ length: RECENT_ROWS_MAX }, (_, index) => [
    entry(`said-${index}`, 'assistant', { type: 'text', text: `Step ${index}` }),
    entry(`called-${index}`, 'assistant', { type: 'tool_use', id: `call-${index}`, name: 'Bash', input: {} }),
    entry(`result-${index}`, 'user', { type: 'tool_result', tool_use_id: `call-${index}`, content: 'a file' }),
  ]).flat()
  const shown = Array.from({ length: RECENT_ROWS_MAX }, (_, index) => [`s1:said-${index}`, `s1:call-${index}`]).flat()

  async function shownIn(server: LocalServer) {
    const path = join(server.home, '.claude', 'projects', '-proj', 's1.jsonl')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, conversation.join(''))
    await server.hook(prompt('s1', 'Begin', { transcript_path: path }))
    const client = await server.client()
    await client.follow('s1')
    await client.waitForView('s1', 'all rows', ({ messages }) => messages.length === shown.length)
    return { path, client }
  }

  const ids = (server: LocalServer) =>
    server.read<{ id: string }>('SELECT id FROM messages ORDER BY sequence').map(({ id }) => id)

  test.each([
    ['was cut in the middle of a line', conversation.join('').slice(0, -10)],
    ['was cut in the middle of its rows', conversation.slice(0, RECENT_ROWS_MAX).join('')],
    ['is another one now', conversation.toReversed().join('')],
  ])('keeps its rows where they are when its file %s, and new ones follow', async (_, text) => {
    await using server = await LocalServer.start()
    const { path, client } = await shownIn(server)
    const framesBefore = client.frames.length
    writeFileSync(`${path}.new`, `${text}\n${entry('five', 'assistant', { type: 'text', text: 'More' })}`)
    renameSync(`${path}.new`, path)
    await client.expect('message_appended', ({ message }) => message.content === 'More')
    await server.hook(stop('s1', { transcript_path: path }))
    expect(client.view('s1').messages.map(({ id }) => id)).toEqual([...shown, 's1:five'])
    const appended = client.frames.slice(framesBefore).filter((frame) => frame.type === 'message_appended')
    expect(appended.map(({ message }) => message.id)).toEqual(['s1:five'])
    expect(ids(server)).toEqual([...shown, 's1:five'])
  })

  test('is not followed to where a link leads that took its place, and that is said once', async () => {
    await using server = await LocalServer.start()
    const { path, client } = await shownIn(server)
    const secret = join(server.home, 'secret.jsonl')
    writeFileSync(secret, entry('secret', 'assistant', { type: 'text', text: 'secret' }))
    symlinkSync(secret, `${path}.link`)
    renameSync(`${path}.link`, path)
    for (let index = 0; index < 3; index++) await server.hook(prompt('s1', 'And now?', { transcript_path: path }))
    rmSync(path)
    writeFileSync(path, conversation.join('') + entry('five', 'assistant', { type: 'text', text: 'More' }))
    await server.hook(stop('s1', { transcript_path: path }))
    await client.expect('message_appended', ({ message }) => message.content === 'More')
    expect(client.view('s1').messages.map(({ id }) => id)).toEqual([...shown, 's1:five'])
    const log = readFileSync(join(server.home, '.orbitdock', 'logs', 'server.log'), 'utf8')
    expect(log.split('transcript.read.failed').length).toBeLessThanOrEqual(2)
  })
})
