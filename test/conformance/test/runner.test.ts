/** The runner as a program: verdicts, options, exit codes. */
import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCommand } from '../lib/server-process.ts'

const here = import.meta.dir

/** Runs the runner as a user does. */
function run(...args: string[]): { code: number; out: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, join(here, '..', 'run.ts'), ...args])
  return { code: exitCode, out: `${stdout}${stderr}` }
}
const tiny = (mood = '') => `${process.execPath} ${join(here, 'tiny-server.ts')} --mood=${mood}`

describe('runner', () => {
  test('passes what is right', () => {
    const { code, out } = run('--server', tiny(), '--only', 'A01,A02,A04,A09,B01')
    expect(out.trimEnd().split('\n').at(-1)).toBe('5 passed, 0 failed, 0 skipped')
    expect(code).toBe(0)
  })

  test('a failed must fails the run and says what came instead', () => {
    const { code, out } = run('--server', tiny(), '--only', 'C01', '--scale', '0.2')
    expect(code).toBe(1)
    expect(out).toContain('FAIL  C01')
    expect(out).toContain('nearest error: $.code: want "not_found", got "parse_error"')
  })

  test('a failed should does not fail the run', () => {
    const { code, out } = run('--server', tiny(), '--only', 'A12', '--scale', '0.2')
    expect(out).toContain('0 passed, 1 failed, 0 skipped')
    expect(code).toBe(0)
  })

  test.each([
    ['twice', 'id "s" appears twice'],
    ['huge', 'larger than 1 MiB'],
    ['crash', 'the server stopped by itself, exit code 9'],
    ['dead', 'the server left before it was ready, exit code 3'],
  ])('notices a server that is %s', (mood, complaint) => {
    const { code, out } = run('--server', tiny(mood), '--only', 'A09')
    expect(out).toContain(complaint)
    expect(code).toBe(1)
  })

  test('writes the results as JSON', () => {
    const directory = mkdtempSync(join(tmpdir(), 'report-'))
    run('--server', tiny(), '--only', 'A01', '--json', join(directory, 'out.json'))
    const report = JSON.parse(readFileSync(join(directory, 'out.json'), 'utf8'))
    expect(report).toMatchObject({
      totals: { passed: 1, failed: 0, skipped: 0 },
      scenarios: [{ id: 'A01', outcome: 'passed' }],
    })
    rmSync(directory, { recursive: true })
  })

  test('reads other scenario files, and skips what cannot run here', () => {
    const directory = mkdtempSync(join(tmpdir(), 'scenarios-'))
    const file = join(directory, 'own.json')
    const scenario = { id: 'X1', area: 'own', name: 'n', level: 'must', given: { needs: ['no-such-tool'] }, steps: [] }
    writeFileSync(file, JSON.stringify([scenario]))
    const { code, out } = run('--server', tiny(), '--scenarios', file)
    expect(out).toContain('0 passed, 0 failed, 1 skipped')
    expect(code).toBe(0)
    writeFileSync(file, JSON.stringify([{ ...scenario, steps: [{ op: 'nope' }] }]))
    expect(run('--server', tiny(), '--scenarios', file)).toMatchObject({
      code: 2,
      out: expect.stringContaining('unknown step'),
    })
    rmSync(directory, { recursive: true })
  })

  test('needs a server', () => {
    expect(run('--only', 'A01').code).toBe(2)
  })
})

test('server commands are independent of the working directory', () => {
  expect(parseCommand(`${process.execPath} "run it.ts" --x`)).toEqual([process.execPath, 'run it.ts', '--x'])
  expect(parseCommand('sh -c true')[0]).toStartWith('/')
  expect(() => parseCommand('no-such-program-here')).toThrow('no such program')
})
