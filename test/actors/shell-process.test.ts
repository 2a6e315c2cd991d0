import { describe, expect, test } from 'bun:test'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ShellProcess, type ShellStart } from '../../src/actors/shell-process.ts'
import { SHELL_OUTPUT_BYTES_MAX } from '../../src/lib/limits.ts'
import { gone, isAlive } from '../support/processes.ts'

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'orbitdock-shell-')))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))

const start = (command: string, over: Partial<ShellStart> = {}) =>
  new ShellProcess({
    command,
    cwd: directory,
    env: { PATH: process.env.PATH ?? '' },
    timeoutMs: 30_000,
    onOutput() {},
    ...over,
  })
const run = (command: string, over?: Partial<ShellStart>) => start(command, over).ended

/** Settles when the command has said something. */
function speaking(command: string, over: Partial<ShellStart> = {}): Promise<ShellProcess> {
  return new Promise((resolve) => {
    const shell: ShellProcess = start(command, { ...over, onOutput: () => resolve(shell) })
  })
}

describe('a command', () => {
  test('tells both streams, its exit code and how long it took', async () => {
    const { durationMs, ...rest } = await run('pwd; echo oh >&2; exit 3')
    expect(rest).toEqual({ stdout: `${directory}\n`, stderr: 'oh\n', exitCode: 3 })
    expect(durationMs).toBeInteger()
  })

  test('that a signal has ended tells -1, as the original did', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ exitCode: -1, stderr: '' })
  })

  test('has nothing to read, and no terminal', async () => {
    expect(await run('cat; test -t 0 || echo none; (: < /dev/tty) 2>&- || echo nobody')).toMatchObject({
      stdout: 'none\nnobody\n',
      exitCode: 0,
    })
  })

  test('sees the environment that it is given, and no other', async () => {
    const { stdout } = await run('env', { env: { PATH: process.env.PATH ?? '', GIVEN: 'yes' } })
    expect(stdout).toContain('GIVEN=yes\n')
    expect(stdout).not.toContain('HOME=')
  })

  test('cannot be started where there is no directory', () => {
    expect(() => start('pwd', { cwd: join(directory, 'none') })).toThrow('ENOENT')
  })

  test('that says more than is kept tells its end, and how much is missing', async () => {
    // Quotes and line ends take twice their room on the wire.
    const { stdout, stderr } = await run(`yes '"' | head -c 3000000; echo done; echo short >&2`)
    expect(stderr).toBe('short\n')
    expect(stdout.slice(0, 60)).toMatch(/^\[\d+ characters before this are left out\]\n/)
    expect(stdout.slice(-7)).toBe('"\ndone\n')
    const room = SHELL_OUTPUT_BYTES_MAX - JSON.stringify(stderr).length + 2
    expect(Buffer.byteLength(JSON.stringify(stdout)) - 2).toBeWithin(room - 100, room + 1)
  })

  test('is over when its output is, and may leave something silent in the background', async () => {
    const shell = await speaking('sleep 60 > /dev/null 2>&1 & echo $!')
    const pid = Number((await shell.ended).stdout)
    expect(isAlive(pid)).toBe(true)
    process.kill(pid)
  })
})

describe('a command that takes too long', () => {
  test('is ended with all that it has started, and keeps what it has said', async () => {
    const shell = await speaking('sleep 60 & echo $!; wait', { timeoutMs: 300 })
    const pid = Number(shell.output(100).stdout)
    expect(isAlive(pid)).toBe(true)
    expect(await shell.ended).toMatchObject({
      stdout: `${pid}\n`,
      stderr: 'Command timed out after 0.3 s.',
      exitCode: null,
    })
    expect(isAlive(pid)).toBe(false)
  })

  test('may tidy up', async () => {
    const shell = await speaking(`trap 'echo bye; exit 0' TERM; echo oh >&2; while :; do sleep 0.01; done`)
    shell.stop('Stopped.')
    expect(await shell.ended).toMatchObject({
      stdout: 'bye\n',
      stderr: expect.stringMatching(/^oh\n(.*\n)?Stopped\.$/),
      exitCode: null,
    })
  })

  test('is ended also when it does not listen', async () => {
    const shell = await speaking(`trap '' TERM; echo $$; while :; do sleep 1; done`)
    const pid = Number(shell.output(100).stdout)
    shell.stop('Stopped.')
    shell.stop('Stopped again.')
    expect(await shell.ended).toMatchObject({ stderr: 'Stopped.', exitCode: null })
    await gone(pid)
  })

  test('is not waited for where it has left the group and holds the streams', async () => {
    const escapee = `console.log(Bun.spawn(['sleep', '60'], { detached: true, stdout: 'inherit' }).pid)`
    const shell = await speaking(`'${process.execPath}' -e "${escapee}"`)
    shell.stop('Stopped.')
    const { stdout, exitCode } = await shell.ended
    expect(exitCode).toBeNull()
    expect(isAlive(Number(stdout))).toBe(true)
    process.kill(Number(stdout))
  })
})
