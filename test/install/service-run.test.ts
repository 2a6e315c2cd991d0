/** What `install-service` writes is run as a service manager would run it: with that file and little else. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { installService } from '../../src/install/service.ts'
import { dataPaths } from '../../src/lib/data-paths.ts'
import { Child, freePort, waitForHealth } from '../conformance/lib/server-process.ts'
import { runCli } from '../support/cli-run.ts'
import { compiledServer } from '../support/compiled-server.ts'
import { skipUnless } from '../support/skipped.ts'
import { temporaryHome } from '../support/temporary-home.ts'
import { serverCommand } from '../support/test-server.ts'

const START_MS = 15_000
const STOP_MS = 10_000
/** Milliseconds for a test that may have to build the binary first. */
const BUILD_TEST_MS = 60_000

/** What a service file makes of the caller: the words to run, and the environment. */
interface Start {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

let home = temporaryHome()
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home[Symbol.dispose]())

const unitFile = () => join(home.path, '.config/systemd/user/orbitdock-server.service')
const plistFile = () => join(home.path, 'Library/LaunchAgents/com.orbitdock.server.plist')
const dataDir = () => join(home.path, '.orbitdock')

/** Reads a unit whose words need no quotes. */
function readUnit(): Start {
  const unit = readFileSync(unitFile(), 'utf8')
  return {
    command: /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [],
    environment: Object.fromEntries(
      [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    ),
  }
}

const Texts = z.union([z.string().transform((text) => [text]), z.array(z.string())])
const Plist = z.object({
  plist: z.object({
    dict: z.object({ array: z.object({ string: Texts }), dict: z.object({ key: Texts, string: Texts }) }),
  }),
})

function readPlist(): Start {
  const { array, dict } = Plist.parse(Bun.XML.parse(readFileSync(plistFile(), 'utf8'))).plist.dict
  return {
    command: array.string,
    environment: Object.fromEntries(dict.key.map((key, index) => [key, dict.string[index] ?? ''])),
  }
}

/** Starts it from the root directory, waits until it serves `port`, and asks it to leave. */
async function runAsService({ command, environment }: Start, port: number, marks: Readonly<Record<string, string>>) {
  const child = new Child(command, { HOME: home.path, ...marks, ...environment }, '/')
  try {
    await waitForHealth(port, child, START_MS)
    child.signal('SIGTERM')
    return await child.waitForExit(STOP_MS)
  } finally {
    child.killGroup()
  }
}

describe.skipIf(skipUnless(process.platform === 'linux', 'a unit: systemd runs on Linux only'))('a unit', () => {
  test('starts the server from its source', async () => {
    const port = await freePort()
    const installed = await runCli(['install-service', '--bind', `127.0.0.1:${port}`], { home: home.path })
    expect(installed).toMatchObject({ code: 0, stderr: '' })
    expect(await runAsService(readUnit(), port, { INVOCATION_ID: '1' })).toEqual({ code: 0, signal: null })
    expect(existsSync(dataPaths(dataDir()).database)).toBe(true)
  })

  test(
    'starts the binary that wrote it, which is one file and can lie anywhere',
    async () => {
      const port = await freePort()
      const binary = join(dataDir(), 'bin', 'orbitdock-server')
      mkdirSync(dirname(binary), { recursive: true })
      copyFileSync(await compiledServer(), binary)
      const args = ['install-service', '--bind', `127.0.0.1:${port}`, '--data-dir', join(home.path, 'data')]
      const install = new Child([binary, ...args], { HOME: home.path, PATH: '/usr/bin:/bin' }, home.path)
      expect(await install.waitForExit(START_MS)).toEqual({ code: 0, signal: null })
      const start = readUnit()
      expect(start.command.slice(0, 2)).toEqual([binary, 'start'])
      expect(start.environment).toEqual({ PATH: '/usr/bin:/bin' })
      expect(await runAsService(start, port, { INVOCATION_ID: '1' })).toEqual({ code: 0, signal: null })
      expect(existsSync(dataPaths(join(home.path, 'data')).database)).toBe(true)
    },
    BUILD_TEST_MS,
  )
})

test('a property list starts the server', async () => {
  const port = await freePort()
  const paths = dataPaths(dataDir())
  const env = { PATH: process.env.PATH }
  const [program, ...rest] = [...serverCommand()]
  installService({
    ...{ paths, home: home.path, env, platform: 'darwin', bind: `127.0.0.1:${port}` },
    program: [program ?? '', ...rest],
  })
  const start = readPlist()
  expect(start.environment).toEqual({ PATH: process.env.PATH ?? '' })
  const exit = await runAsService(start, port, { XPC_SERVICE_NAME: 'com.orbitdock.server' })
  expect(exit).toEqual({ code: 0, signal: null })
  expect(existsSync(paths.database)).toBe(true)
})

describe.skipIf(skipUnless(process.platform === 'linux', 'install-service --enable: systemd runs on Linux only'))(
  'install-service --enable',
  () => {
    /** A search path with nothing in it but a stand-in, which notes how it is called. */
    function pathWithSystemctl(code: number): string {
      const bin = join(home.path, 'bin')
      mkdirSync(bin)
      const standIn = join(bin, 'systemctl')
      writeFileSync(standIn, `#!/bin/sh\necho "$*" >> '${home.path}/calls'\necho 'No medium found' >&2\nexit ${code}\n`)
      chmodSync(standIn, 0o755)
      return bin
    }

    test('succeeds, since the app takes anything else for a failure', async () => {
      const env = { PATH: pathWithSystemctl(0) }
      const { code, stdout } = await runCli(['install-service', '--enable'], { home: home.path, env })
      expect([code, stdout]).toEqual([0, expect.stringContaining('enabled')])
      expect(readFileSync(join(home.path, 'calls'), 'utf8')).toContain('--user enable')
    })

    test('warns and succeeds when systemd refuses', async () => {
      const env = { PATH: pathWithSystemctl(1) }
      const { code, stdout } = await runCli(['install-service', '--enable'], { home: home.path, env })
      expect(code).toBe(0)
      expect(stdout).toContain('warning:')
      expect(stdout).toContain('No medium found')
      expect(existsSync(unitFile())).toBe(true)
    })

    test('fails without systemctl, in one sentence', async () => {
      const env = { PATH: join(home.path, 'nothing-here') }
      const { code, stderr } = await runCli(['install-service', '--enable'], { home: home.path, env })
      expect([code, stderr.trim().split('\n').length]).toEqual([1, 1])
      expect(stderr).toContain('no systemctl here')
    })
  },
)
