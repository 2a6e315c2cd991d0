import { test } from 'bun:test'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
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
