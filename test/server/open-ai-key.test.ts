import { expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LocalServer } from '../support/local-server.ts'

const key = 'sk-very-secret'

test('the OpenAI key is written for its owner alone, and neither answered nor logged', async () => {
  await using server = await LocalServer.start({ flags: { logFilter: 'debug' } })
  const data = join(server.home, '.orbitdock')
  const client = await server.client()
  client.send({ type: 'set_open_ai_key', key: 'sk-first' })
  client.send({ type: 'set_open_ai_key', key: ` ${key}\n`, command_id: 'c1' })
  expect(await client.expect('command_ack')).toMatchObject({ command_id: 'c1', session_id: null, ok: true })
  expect(readFileSync(join(data, 'openai-key'), 'utf8')).toBe(`${key}\n`)
  expect(statSync(join(data, 'openai-key')).mode & 0o777).toBe(0o600)
  expect(client.frames.map(({ type }) => type)).toEqual(['hello', 'command_ack'])
  expect(readdirSync(data).filter((name) => name.startsWith('openai-key'))).toEqual(['openai-key'])

  client.send({ type: 'set_open_ai_key', key: '', command_id: 'c2' })
  await client.expect('command_ack')
  expect(existsSync(join(data, 'openai-key'))).toBe(false)

  await server.stop()
  for (const name of readdirSync(join(data, 'logs'))) {
    expect(readFileSync(join(data, 'logs', name), 'utf8')).not.toContain(key)
  }
})

test('a key that cannot be written is refused, without a word of it', async () => {
  await using server = await LocalServer.start()
  mkdirSync(join(server.home, '.orbitdock', 'openai-key', 'in-the-way'), { recursive: true })
  const client = await server.client()
  client.send({ type: 'set_open_ai_key', key, command_id: 'c1' })
  const { code, message } = await client.expect('error')
  expect(code).toBe('storage_failed')
  expect(message).toContain('openai-key')
  expect(await client.expect('command_ack')).toMatchObject({ ok: false, code: 'storage_failed' })
  expect(JSON.stringify(client.frames)).not.toContain(key)
})
