/** The pseudo-terminal shows what a person would see, and leaves nothing behind. */
import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { skipUnless } from './skipped.ts'
import { Terminal } from './terminal.ts'

const shell = (script: string, size = {}) =>
  new Terminal({ command: ['sh', '-c', script], cwd: '/', env: { PATH: process.env.PATH ?? '' }, ...size })

/** Whether a process of Linux still runs; one that only waits to be buried does not. */
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

describe('a terminal', () => {
  test('shows what is left after moving and clearing', async () => {
    await using terminal = shell("printf 'wrong\\rright\\033[2;3Hdown'; read line")
    await terminal.waitForText('down')
    expect(terminal.screen()).toBe('right\n  down')
  })

  test('takes lines and keys', async () => {
    await using terminal = shell('read name; echo "hello $name"; read key')
    await terminal.submit('you')
    await terminal.waitForText('hello you')
    terminal.press('ctrlC')
    expect(await terminal.exited()).toBe(130)
  })

  test('tells the program its size, also a new one', async () => {
    await using terminal = shell("stty size; trap 'stty size' WINCH; while :; do sleep 0.05; done", {
      columns: 50,
      rows: 7,
    })
    await terminal.waitForText('7 50')
    terminal.resize(80, 24)
    await terminal.waitForText('24 80')
  })

  test('shows the screen when a text does not come', async () => {
    await using terminal = shell('echo something else; read line')
    await terminal.waitForText('else')
    expect(terminal.waitForText('the text', 1)).rejects.toThrow(/to show the text\. The screen:\nsomething else/)
  })

  test('does not wait for a program that has left', async () => {
    await using terminal = shell('exit 3')
    expect(terminal.waitForText('the text')).rejects.toThrow('It left with 3.')
  })

  test.skipIf(
    skipUnless(process.platform === 'linux', 'what ignores a closed window: ended by the Linux way of terminals'),
  )('ends what ignores a closed window, and its children', async () => {
    const terminal = shell("trap '' HUP TERM; (trap '' HUP TERM; sleep 60) & echo $!; wait")
    await terminal.waitForText(/^\d+$/m)
    const child = Number(terminal.screen())
    expect(isAlive(child)).toBe(true)
    await terminal[Symbol.asyncDispose]()
    expect([isAlive(terminal.pid), isAlive(child)]).toEqual([false, false])
  })
})
