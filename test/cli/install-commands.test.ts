import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCli } from '../support/cli-run.ts'
import { skipUnless } from '../support/skipped.ts'
import { temporaryHome } from '../support/temporary-home.ts'
import { serverCommand, TestServer } from '../support/test-server.ts'

/** Each command is a process of its own, on a machine that may be busy. */
setDefaultTimeout(30_000)

/** What the app reads only after the command has ended, so that more would block it for ever. */
const PIPE_BYTES = 64 * 1024

let home = temporaryHome()
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home[Symbol.dispose]())

function run(...args: string[]) {
  return runCli(args, { home: home.path })
}

test('init makes what running needs, again and again, and while the server runs', async () => {
  const data = join(home.path, '.orbitdock')
  const first = await run('init')
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(first.stdout).toContain(`Created ${data}/\n`)
  expect(existsSync(join(data, 'orbitdock.db'))).toBe(true)
  expect(statSync(join(data, 'hook.sh')).mode & 0o777).toBe(0o755)
  await using server = await TestServer.start({ home: home.path })
  expect((await run('init')).code).toBe(0)
  expect((await fetch(`${server.url}/health`)).status).toBe(200)
})

test('init and install-hooks take their paths from the command line', async () => {
  const data = join(home.path, 'data')
  const settings = join(home.path, 'settings.json')
  expect((await run('--data-dir', data, 'init', '--server-url', 'http://10.0.0.2:4000/')).stdout).toContain(
    'Hooks post to http://10.0.0.2:4000',
  )
  expect((await run('install-hooks', '--settings-path', settings, '--data-dir', data)).code).toBe(0)
  expect(readFileSync(settings, 'utf8')).toContain(join(data, 'hook.sh'))
  expect((await run('install-hooks', '--settings-path', settings, '--data-dir', data, '--uninstall')).code).toBe(0)
  expect(readFileSync(settings, 'utf8')).not.toContain('hook.sh')
  const more = join(home.path, 'more.json')
  const both = ['--settings-path', settings, '--settings-path', more]
  expect((await run('install-hooks', ...both, '--data-dir', data)).code).toBe(0)
  expect(readFileSync(more, 'utf8')).toBe(readFileSync(settings, 'utf8'))
  const { stdout } = await run('install-hooks', '--print', '--data-dir', data)
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(more, 'utf8')))
})

test('a reader that has seen enough is no failure', async () => {
  await run('init')
  const command = [...serverCommand(), 'install-hooks', '--print'].map((word) => `'${word}'`).join(' ')
  const shell = Bun.spawn(['sh', '-c', `{ ${command}; echo $? >&2; } | true`], {
    env: { PATH: process.env.PATH ?? '', HOME: home.path },
    stderr: 'pipe',
  })
  expect(await shell.stderr.text()).toBe('0\n')
})

test('the hooks are refused before init, with what to do', async () => {
  const { code, stderr } = await run('install-hooks')
  expect([code, stderr]).toEqual([1, expect.stringContaining('orbitdock-server init')])
})

test('install-service writes a file that starts this very program, and takes it away again', async () => {
  if (process.platform !== 'linux') return
  const unit = join(home.path, '.config', 'systemd', 'user', 'orbitdock-server.service')
  const installed = await run('install-service', '--bind', '127.0.0.1:4999')
  expect(installed).toMatchObject({ code: 0, stderr: '' })
  const data = join(home.path, '.orbitdock')
  expect(readFileSync(unit, 'utf8')).toContain(` start --bind 127.0.0.1:4999 --data-dir ${data}\n`)
  expect(await run('install-service', '--bind', 'localhost:1')).toMatchObject({ code: 1 })
  expect(await run('install-service', '--uninstall')).toMatchObject({ code: 0 })
  expect(existsSync(unit)).toBe(false)
})

test('generate-token prints a new token each time, and keeps it for the owner alone', async () => {
  const tokens = []
  for (const _ of [1, 2]) {
    const { code, stdout } = await run('generate-token')
    expect(code).toBe(0)
    const file = join(home.path, '.orbitdock', 'auth-token')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const token = readFileSync(file, 'utf8').trim()
    expect(stdout).toContain(`Token: ${token}\n`)
    tokens.push(token)
  }
  expect(new Set(tokens).size).toBe(2)
})

test('a data directory that cannot be made is one clear line', async () => {
  writeFileSync(join(home.path, 'file'), '')
  for (const command of ['init', 'generate-token']) {
    const { code, stderr } = await run(command, '--data-dir', join(home.path, 'file'))
    expect([command, code, stderr.trim().split('\n').length]).toEqual([command, 1, 1])
    expect(stderr).toContain(join(home.path, 'file'))
  }
})

test.skipIf(
  skipUnless(
    process.platform === 'linux',
    'a home that cannot be written: root can write everywhere but in the /sys of Linux',
  ),
)('a home that cannot be written is told, with the way out', async () => {
  // Nobody may make a directory there, root included.
  for (const command of ['init', 'generate-token', 'start']) {
    const { code, stderr } = await runCli([command], { home: '/sys' })
    expect([command, code, stderr.trim().split('\n').length]).toEqual([command, 1, 1])
    expect(stderr).toContain('/sys/.orbitdock')
    expect(stderr).toContain('Another place for the data: --data-dir')
  }
})

test('no command prints more than the app can leave unread', async () => {
  for (const args of [['init'], ['install-hooks'], ['generate-token'], ['status'], ['--help'], ['session', 'list']]) {
    const { stdout, stderr } = await run(...args)
    expect(Buffer.byteLength(stdout + stderr)).toBeLessThan(PIPE_BYTES)
  }
})
