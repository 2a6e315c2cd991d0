import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { appendFileSync, chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { version } from '../../src/lib/version.ts'
import { runCli } from '../support/cli-run.ts'
import { IS_ROOT, skipUnless } from '../support/skipped.ts'
import { temporaryHome } from '../support/temporary-home.ts'
import { TestServer } from '../support/test-server.ts'

/** Each command is a process of its own, on a machine that may be busy. */
setDefaultTimeout(30_000)

let home = temporaryHome()
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home[Symbol.dispose]())

const Report = z.object({
  version: z.string(),
  data_dir: z.string(),
  ok: z.boolean(),
  findings: z.array(
    z.object({ id: z.string(), status: z.enum(['ok', 'warn', 'fail']), text: z.string(), fix: z.string().nullable() }),
  ),
})

const at = (...names: string[]) => join(home.path, ...names)

async function run(...args: string[]) {
  const { code, stderr } = await runCli(args, { home: home.path })
  expect([code, stderr]).toEqual([0, ''])
}

async function examine(env: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await runCli(['doctor', '--json'], { home: home.path, env })
  const report = Report.parse(JSON.parse(stdout))
  expect(report).toMatchObject({ version, data_dir: at('.orbitdock'), ok: code === 0 })
  return {
    code,
    finding: (id: string) => report.findings.find((finding) => finding.id === id),
    // The disk is that of the machine.
    wrong: report.findings.filter(({ id, status }) => status !== 'ok' && id !== 'disk').map(({ id }) => id),
  }
}

async function setUp() {
  await run('init')
  await run('install-hooks')
}

test('where nothing has been set up, it says what to begin with', async () => {
  const { code, finding } = await examine()
  expect(code).toBe(1)
  expect(finding('data_dir')).toMatchObject({ status: 'fail', fix: 'orbitdock-server init' })
  expect(finding('hook_script')).toMatchObject({ status: 'fail', fix: 'orbitdock-server init' })
  const { stdout } = await runCli(['doctor'], { home: home.path })
  expect(stdout).toContain(`  fail  There is no ${at('.orbitdock')}.\n        → orbitdock-server init\n`)
  expect(stdout).toEndWith('things need a look.\n')
})

test('where everything is right, it finds nothing', async () => {
  await setUp()
  await using server = await TestServer.start({ home: home.path })
  expect(await examine()).toMatchObject({ code: 0, wrong: [] })
  const { stdout } = await runCli(['doctor'], { home: home.path })
  expect(stdout).toMatch(new RegExp(`ok {4}The server runs as process \\d+, at ${server.url}\\n`))
  expect(stdout).not.toContain('fail')
})

test('hooks that are missing, or of another version, are found in every configuration directory', async () => {
  await run('init')
  expect((await examine()).finding('hooks')).toMatchObject({ status: 'warn', fix: 'orbitdock-server install-hooks' })
  await run('install-hooks')
  const settings = at('.claude', 'settings.json')
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('"timeout": 5', '"timeout": 60'))
  const { finding } = await examine()
  expect(finding('hooks')?.text).toBe(`The hooks in ${settings} are of another version.`)
  const elsewhere = await runCli(['doctor'], { home: home.path, env: { CLAUDE_CONFIG_DIR: at('other') } })
  expect(elsewhere.stdout).toContain(`our hooks are not in ${at('other', 'settings.json')}.`)
  expect(elsewhere.stdout).toContain(`→ orbitdock-server install-hooks --settings-path ${settings}\n`)
  await run('install-hooks')
  expect((await examine()).finding('hooks')?.status).toBe('ok')
})

test('settings that Claude ignores, and switches that keep hooks from running, are found', async () => {
  await setUp()
  writeFileSync(at('.claude', 'settings.json'), '{ "a": 1, // mine\n}')
  const broken = await examine()
  expect([broken.code, broken.finding('hooks')?.text]).toEqual([1, expect.stringContaining('line 1, column 11')])
  writeFileSync(at('.claude', 'settings.json'), '{"disableAllHooks":true}')
  expect((await examine()).finding('hooks_blocked')?.text).toContain('switches all hooks off')
})

test('a hook script of an earlier version, or for a server elsewhere, is found and kept going there', async () => {
  await run('init', '--server-url', 'http://10.0.0.2:4000')
  expect((await examine()).finding('hook_script')?.text).toContain('Hooks post to http://10.0.0.2:4000')
  appendFileSync(at('.orbitdock', 'hook.sh'), '# of another version\n')
  const { finding } = await examine()
  expect(finding('hook_script')).toMatchObject({
    status: 'warn',
    fix: 'orbitdock-server init --server-url http://10.0.0.2:4000',
  })
})

test('events that wait, and those that were refused, are counted, by status too', async () => {
  await setUp()
  for (const name of ['1-000000-1.json', '.draft.json', '2-000000-1.json'])
    writeFileSync(at('.orbitdock', 'spool', name), '{}')
  writeFileSync(at('.orbitdock', 'spool', 'failed', '1.json'), '{}')
  const { finding } = await examine()
  expect(finding('spool')?.text).toBe(
    `Events that wait in ${at('.orbitdock', 'spool')}: 2; a server takes them when it starts.`,
  )
  expect(finding('spool_refused')?.text).toEndWith(': 1.')
  expect((await runCli(['status'], { home: home.path })).stdout).toContain('Spool:    2 events of hooks wait\n')
  const { stdout } = await runCli(['status', '--json'], { home: home.path })
  expect(JSON.parse(stdout)).toMatchObject({ spool: { waiting: 2, refused: 1 } })
})

test('a data directory that others may look into is found', async () => {
  await setUp()
  chmodSync(at('.orbitdock'), 0o755)
  expect((await examine()).finding('data_dir')).toMatchObject({ status: 'warn', fix: `chmod 700 ${at('.orbitdock')}` })
})

test.skipIf(
  skipUnless(process.platform === 'linux', 'doctor finds a running original: its process is looked up in /proc'),
)('what a running original has left is found: its process and its service', async () => {
  await setUp()
  const program = at('orbitdock-server')
  copyFileSync(Bun.which('sleep') ?? '', program)
  const original = Bun.spawn([program, '60'])
  using _ = { [Symbol.dispose]: () => original.kill() }
  writeFileSync(at('.orbitdock', 'orbitdock.pid'), `${original.pid}`)
  const units = at('.config', 'systemd', 'user')
  mkdirSync(units, { recursive: true })
  writeFileSync(
    join(units, 'orbitdock-server.service'),
    'ExecStart=/opt/orbitdock-server start --bind 127.0.0.1:4000\n',
  )
  const { finding } = await examine()
  expect(finding('server')?.text).toContain(`${original.pid}`)
  expect(finding('service')).toMatchObject({ status: 'warn', fix: 'orbitdock-server install-service --enable' })
})

test.skipIf(skipUnless(IS_ROOT, 'doctor and a directory of somebody else: needs root'))(
  'a data directory of somebody else is found with its owner',
  async () => {
    mkdirSync(at('.orbitdock'), { mode: 0o700 })
    chmodSync(home.path, 0o700)
    const drop = 'process.setgroups([]); process.setgid(65534); process.setuid(65534);'
    const cli = join(import.meta.dir, '..', '..', 'src', 'cli', 'index.ts')
    const code = `${drop} const { runCli } = await import(${JSON.stringify(cli)}); await runCli(['doctor', '--json'])`
    const child = Bun.spawn([process.execPath, '-e', code], { cwd: '/', env: { HOME: home.path } })
    const { findings } = Report.parse(await child.stdout.json())
    const { text } = findings.find(({ id }) => id === 'data_dir') ?? {}
    expect(text).toContain(`${home.path} belongs to root; to make it yours: sudo chown -R`)
  },
)

test.skipIf(skipUnless(IS_ROOT, 'doctor and sudo: needs root'))('a sudo is found', async () => {
  chownSync(home.path, 65_534, 65_534)
  const { code, finding } = await examine({ SUDO_UID: '65534' })
  expect([code, finding('user')?.text]).toEqual([1, expect.stringContaining('Run this again without sudo')])
})
