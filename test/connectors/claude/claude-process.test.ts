import { expect, test } from 'bun:test'
import { ClaudeProcess } from '../../../src/connectors/claude/claude-process.ts'
import { gone } from '../../support/processes.ts'

/** A process that runs this script instead of Claude. */
function processOf(script: string) {
  const lines: (string | null)[] = []
  const waiting = Promise.withResolvers<void>()
  const process = new ClaudeProcess({
    command: ['/bin/sh', '-c', script],
    cwd: '/',
    env: { PATH: globalThis.process.env.PATH ?? '/usr/bin:/bin' },
    onLine(line) {
      lines.push(line)
      waiting.resolve()
    },
  })
  return { process, lines, firstLine: waiting.promise }
}

test('lines go in and come out', async () => {
  const { process, lines } = processOf('while read -r line; do echo "got $line"; done')
  process.write('one\n')
  process.write('two\nthree\n')
  await process.stop(true)
  expect(lines).toEqual(['got one', 'got two', 'got three'])
  expect(await process.exited).toEqual({ code: 0, signal: null, stderr: '' })
})

test('what it complained about is kept for the one who asks why it left', async () => {
  const { process } = processOf('echo "no such conversation" >&2; exit 3')
  expect(await process.exited).toEqual({ code: 3, signal: null, stderr: 'no such conversation' })
  expect(process.write('too late\n')).toBe(false)
})

test('one that does not listen is ended, with what it has started', async () => {
  const { process, lines, firstLine } = processOf('trap "" TERM; sleep 600 & echo $!; while :; do wait; done')
  await firstLine
  const child = Number(lines[0])
  await process.stop(false)
  expect(await process.exited).toMatchObject({ code: null, signal: 'SIGKILL' })
  await gone(child)
})

test('one that is gone is stopped without a word', async () => {
  const { process } = processOf('exit 0')
  await process.exited
  await process.stop(true)
})

test('a program that is not there is told with its path', () => {
  const start = () => new ClaudeProcess({ command: ['/nowhere/claude'], cwd: '/', env: {}, onLine() {} })
  expect(start).toThrow('Claude Code (/nowhere/claude) could not be started')
})
