/** The token of a data directory between those who present it and those who ask for it. */
import { expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readToken } from '../../src/install/token.ts'
import { type DataPaths, dataPaths } from '../../src/lib/data-paths.ts'
import { prompt } from '../support/hooks.ts'
import { temporaryHome } from '../support/temporary-home.ts'
import { TestClient } from '../support/test-client.ts'
import { TestServer } from '../support/test-server.ts'

/** Runs the hook script as Claude does. */
async function claudeReports(paths: DataPaths, sessionId: string): Promise<void> {
  const { type, event_id: _, ...payload } = prompt(sessionId)
  const hook = Bun.spawn([paths.hookScript, type], {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdin: new TextEncoder().encode(JSON.stringify(payload)),
  })
  expect(await hook.exited).toBe(0)
}

const waiting = (paths: DataPaths) => readdirSync(paths.spool).filter((name) => name.endsWith('.json')).length

test('a data directory without a token has none', () => {
  using home = temporaryHome()
  expect(readToken(dataPaths(home.path))).toBeNull()
})

test("a token made after init reaches the hooks without another init (the original's fault B-18)", async () => {
  using home = temporaryHome()
  await using server = await TestServer.prepare({ home: home.path, env: { ORBITDOCK_AUTH_TOKEN: 'of-the-operator' } })
  const paths = dataPaths(join(home.path, '.orbitdock'))
  await server.run('init', '--server-url', server.url)
  await server.start()
  await claudeReports(paths, 'refused-at-first')
  expect(waiting(paths)).toBe(1)

  await server.run('generate-token')
  await claudeReports(paths, 'accepted')
  expect(waiting(paths)).toBe(0)
  using client = await TestClient.connect(`ws://127.0.0.1:${server.port}/ws?token=${readToken(paths)}`)
  const ids = (await client.followList()).map(({ id }) => id)
  expect(ids.sort()).toEqual(['accepted', 'refused-at-first'])
})

test('a token that was replaced opens nothing any more', async () => {
  using home = temporaryHome()
  await using server = await TestServer.start({ home: home.path, env: { ORBITDOCK_AUTH_TOKEN: 'of-the-operator' } })
  const paths = dataPaths(join(home.path, '.orbitdock'))
  const status = async (token: string | null) =>
    (await fetch(`${server.url}/api/hook`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })).status
  await server.run('generate-token')
  const replaced = readToken(paths)
  expect(await status(replaced)).not.toBe(401)
  await server.run('generate-token')
  expect(await status(replaced)).toBe(401)
  expect(await status(readToken(paths))).not.toBe(401)
})
