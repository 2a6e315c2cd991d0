import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { userName } from '../../src/install/ownership.ts'
import { freePort } from '../conformance/lib/server-process.ts'
import { canMount, cleanUp, TINY_DISK_BYTES, tinyDisk } from '../store/fixtures.ts'
import { cliEnvironment, runCli } from '../support/cli-run.ts'
import { IS_ROOT, skipUnless } from '../support/skipped.ts'
import { temporaryHome } from '../support/temporary-home.ts'
import { Terminal } from '../support/terminal.ts'
import { serverCommand, TestServer } from '../support/test-server.ts'

/** Each command is a process of its own, on a machine that may be busy. */
setDefaultTimeout(30_000)

const home = temporaryHome()
afterAll(() => home[Symbol.dispose]())

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)

let homes = 0
/** A home for one server. */
function aHome(): string {
  homes += 1
  const path = join(home.path, `${homes}`)
  mkdirSync(path)
  return path
}

test('the address is told to a person, and one Ctrl-C ends it cleanly', async () => {
  const path = aHome()
  const port = await freePort()
  await using terminal = new Terminal({
    command: [...serverCommand(), '--bind', `127.0.0.1:${port}`],
    cwd: path,
    env: cliEnvironment({ home: path }),
  })
  await terminal.waitForText(`OrbitDock serves at http://127.0.0.1:${port} (Ctrl-C stops it).`)
  expect(existsSync(join(path, '.orbitdock', 'orbitdock.pid'))).toBe(true)
  terminal.press('ctrlC')
  expect(await terminal.exited()).toBe(0)
  expect(existsSync(join(path, '.orbitdock', 'orbitdock.pid'))).toBe(false)
})

test('SIGTERM and SIGINT end it with 0 and leave no pid file', async () => {
  const path = aHome()
  await using server = await TestServer.start({ home: path })
  expect((await server.stop()).code).toBe(0)
  expect(existsSync(join(path, '.orbitdock', 'orbitdock.pid'))).toBe(false)
  expect(server.output).toBe('')
})

test('options stand before the command as well, and the data directory is where they say', async () => {
  const path = aHome()
  const port = await freePort()
  await using terminal = new Terminal({
    command: [...serverCommand(), '--data-dir', 'elsewhere', 'start', `--bind=127.0.0.1:${port}`],
    cwd: path,
    env: cliEnvironment({ home: path }),
  })
  await terminal.waitForText('OrbitDock serves')
  expect(readFileSync(join(path, 'elsewhere', 'orbitdock.pid'), 'utf8')).toEndWith(`\n127.0.0.1:${port}\n`)
})

test('a port in use is told with the process that has it', async () => {
  using other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
  const { code, stderr } = await runCli(['start', '--bind', `127.0.0.1:${other.port}`], { home: aHome() })
  expect(code).toBe(1)
  expect(stderr).toContain(`127.0.0.1:${other.port} is in use by process ${process.pid} (`)
  expect(stderr).toContain('--bind')
  expect(stderr.trim().split('\n')).toHaveLength(1)
})

const NOBODY = 65_534
/** Runs code as a user who has nothing; its last line of output is what it prints. */
function asNobody(code: string): Bun.Subprocess<'ignore', 'pipe', 'inherit'> {
  const drop = `process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});`
  return Bun.spawn([process.execPath, '-e', drop + code], { env: {}, cwd: '/', stdout: 'pipe' })
}

describe.skipIf(skipUnless(IS_ROOT, 'a port in use by another user: needs root to become one'))(
  'a port in use by another user',
  () => {
    test('is told with the user, and what each of them needs', async () => {
      const other = asNobody(
        `console.log(Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() }).port)`,
      )
      const { value } = await other.stdout.getReader().read()
      const port = Number(Buffer.from(value ?? []).toString())
      const { code, stderr } = await runCli(['start', '--bind', `127.0.0.1:${port}`], { home: aHome() })
      other.kill()
      await other.exited
      expect(code).toBe(1)
      expect(stderr).toContain(`is in use by process ${other.pid} (`)
      expect(stderr).toContain(
        `of user ${userName(NOBODY)}. Every user needs a port of their own: choose another with --bind.`,
      )
    })

    test('has a user also where the process is hidden', async () => {
      using other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
      const module = join(import.meta.dir, '..', '..', 'src', 'cli', 'port-owner.ts')
      const asking = asNobody(`const { findPortOwner } = await import(${JSON.stringify(module)})
      console.log(JSON.stringify(await findPortOwner(${other.port})))`)
      expect(await asking.stdout.json()).toEqual({ pid: null, command: '', user: 'root' })
    })
  },
)

test('a running original is told with its process, and what to do', async () => {
  const path = aHome()
  const program = join(path, 'orbitdock-server')
  copyFileSync(Bun.which('sleep') ?? '', program)
  const original = Bun.spawn([program, '60'])
  await Bun.write(join(path, '.orbitdock', 'orbitdock.pid'), `${original.pid}`)
  const { code, stderr } = await runCli(['start', '--bind', '127.0.0.1:0'], { home: path })
  original.kill()
  await original.exited
  expect(code).toBe(1)
  expect(stderr).toContain(`Another orbitdock-server (process ${original.pid}) is using ${path}/.orbitdock.`)
  expect(stderr).toContain(
    `kill ${original.pid}; one that comes back has a service: orbitdock-server install-service --uninstall`,
  )
})

test('a second server on one data directory is refused, and the first goes on', async () => {
  const path = aHome()
  await using server = await TestServer.start({ home: path })
  const second = await runCli(['start', '--bind', `127.0.0.1:${await freePort()}`], { home: path })
  expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('--data-dir')])
  expect((await fetch(`${server.url}/health`)).status).toBe(200)
})

test('an address this machine does not have, and one that is none, are refused', async () => {
  const path = aHome()
  const foreign = await runCli(['start', '--bind', '192.0.2.1:4000', '--auth-token', 't'], { home: path })
  expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringContaining('no address 192.0.2.1:4000')])
  const name = await runCli(['--bind', 'localhost:4000'], { home: path })
  expect([name.code, name.stderr]).toEqual([2, expect.stringContaining('Write 127.0.0.1:4000')])
})

test('everybody on the network without a token is refused with 78', async () => {
  const { code, stderr } = await runCli(['start', '--bind', '0.0.0.0:0'], { home: aHome() })
  expect([code, stderr]).toEqual([78, expect.stringContaining('generate-token')])
})

test('a data directory that is none is told, with the way out', async () => {
  const path = aHome()
  await Bun.write(join(path, '.orbitdock'), '')
  const { code, stderr } = await runCli(['start', '--bind', '127.0.0.1:0'], { home: path })
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(`EEXIST: file already exists, mkdir '${path}/.orbitdock'`),
  ])
})

describe.skipIf(skipUnless(canMount, 'a full disk: only root on Linux can make one'))('a full disk', () => {
  afterEach(cleanUp)

  test('is told at the start, and a start is all it takes when there is room again', async () => {
    const path = tinyDisk(TINY_DISK_BYTES)
    const { bavail, bsize } = statfsSync(path)
    const filler = join(path, 'filler')
    writeFileSync(filler, Buffer.alloc(bavail * bsize))
    // Bun keeps what it has compiled in the home, too.
    const env = { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0' }
    const { code, stderr } = await runCli(['start', '--bind', '127.0.0.1:0'], { home: path, env })
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringContaining('is full. Free some space on it.'),
    ])
    rmSync(filler)
    await using server = await TestServer.start({ home: path, env })
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
  })
})

test.skipIf(skipUnless(hasIpv6, 'an IPv6 loopback: this machine has no ::1'))('loopback may be IPv6', async () => {
  const path = aHome()
  const port = await freePort()
  await using terminal = new Terminal({
    command: [...serverCommand(), '--bind', `[::1]:${port}`],
    cwd: path,
    env: cliEnvironment({ home: path }),
  })
  await terminal.waitForText(`OrbitDock serves at http://[::1]:${port}`)
  expect((await fetch(`http://[::1]:${port}/health`)).status).toBe(200)
  const ask = (host: string) => fetch(`http://[::1]:${port}/api/hook`, { method: 'POST', headers: { host } })
  expect((await ask(`[::1]:${port}`)).status).toBe(415)
  expect((await ask(`rebound.example:${port}`)).status).toBe(403)
  const status = await runCli(['status', '--json'], { home: path })
  expect(JSON.parse(status.stdout)).toMatchObject({ running: true, address: `[::1]:${port}` })
  expect((await runCli(['session', 'list', '--server', `http://[::1]:${port}`], { home: path })).code).toBe(0)
})

test('a database that is none is told, not overwritten', async () => {
  const path = aHome()
  await Bun.write(join(path, '.orbitdock', 'orbitdock.db'), 'my diary '.repeat(1000))
  const { code, stderr } = await runCli(['start', '--bind', '127.0.0.1:0'], { home: path })
  expect([code, stderr]).toEqual([1, expect.stringContaining('is not a database')])
  expect(readFileSync(join(path, '.orbitdock', 'orbitdock.db'), 'utf8')).toStartWith('my diary')
})
