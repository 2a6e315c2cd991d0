import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCli } from '../support/cli-run.ts'
import { temporaryHome } from '../support/temporary-home.ts'
import { TestServer } from '../support/test-server.ts'

/** Each command is a process of its own, on a machine that may be busy. */
setDefaultTimeout(30_000)

const home = temporaryHome()
const dataDir = join(home.path, '.orbitdock')
afterAll(() => home[Symbol.dispose]())

async function status(...args: string[]) {
  const { code, stdout } = await runCli(['status', ...args], { home: home.path })
  expect(code).toBe(0)
  return stdout
}

async function statusJson() {
  return JSON.parse(await status('--json'))
}

/** Answers /health as `body`, on a port that the pid file names. */
function serveHealth(body: unknown, pid = process.pid) {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json(body) })
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(join(dataDir, 'orbitdock.pid'), `${pid}\n127.0.0.1:${server.port}\n`)
  return server
}

test('a running server is shown with its process, address and database', async () => {
  await using server = await TestServer.start({ home: home.path })
  const text = await status()
  expect(text).toMatch(/^OrbitDock Server v\d+\.\d+\.\d+\n/)
  expect(text).toContain(`Data dir: ${dataDir}\n`)
  expect(text).toMatch(/PID: {6}\d+ \(running\)/)
  expect(text).toContain(`Address:  127.0.0.1:${server.port}\n`)
  expect(text).toContain('Health:   OK')
  expect(text).toMatch(/Database: .*orbitdock\.db \(\d+ KB\)/)
  expect(await statusJson()).toMatchObject({ running: true, address: `127.0.0.1:${server.port}`, problem: null })
})

test('a server that was killed is not called running', async () => {
  await using server = await TestServer.start({ home: home.path })
  await server.kill9()
  const text = await status()
  expect(text).toContain('(stale: no such process)')
  expect(text).toContain('Health:   unreachable')
  expect(text).toContain('Start it with: orbitdock-server start')
  expect(await statusJson()).toMatchObject({ running: false, pid_alive: false, health: null })
})

test('what the server warns of is shown, without what a terminal would obey', async () => {
  using _ = serveHealth({ status: 'ok', version: '9.9', warnings: ['disk \u001b[2Jfull'] })
  expect(await status()).toContain('Warning:  disk full\n')
  expect((await statusJson()).warnings).toHaveLength(1)
})

test('a server of another data directory is not taken for ours', async () => {
  using _ = serveHealth({ status: 'ok' }, 2 ** 22 + 1)
  expect(await status()).toContain('does not serve this data directory')
  expect(await statusJson()).toMatchObject({ running: false })
})

test('an answer that is no health is told', async () => {
  using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('no', { status: 500 }) })
  writeFileSync(join(dataDir, 'orbitdock.pid'), `${process.pid}\n0.0.0.0:${server.port}\n`)
  expect(await status()).toContain('no answer, though the process exists: HTTP 500')
})
