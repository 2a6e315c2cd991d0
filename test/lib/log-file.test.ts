import { afterEach, beforeEach, expect, test } from 'bun:test'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogFile, type LogFileOptions } from '../../src/lib/log-file.ts'

let directory = ''
let file = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'orbitdock-log-'))
  file = join(directory, 'logs', 'server.log')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function openLog(overrides: Partial<LogFileOptions> = {}): LogFile {
  return new LogFile({ file, filter: 'info', format: 'json', runId: 'r', truncateOnStart: false, ...overrides })
}

function events(path = file): string[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => JSON.parse(line).event)
}

test('records are appended in order, below the filter nothing', async () => {
  const log = openLog({ filter: 'info,hooks=debug' })
  log.info('a.first')
  log.debug('a.hidden')
  log.debug('a.shown', { component: 'hooks' })
  log.error('a.last', { error: 'no' })
  await log.flush()
  expect(events()).toEqual(['a.first', 'a.shown', 'a.last'])
})

test('only the owner can read the log and its directory', async () => {
  mkdirSync(join(directory, 'old'))
  const old = join(directory, 'old', 'server.log')
  writeFileSync(old, '')
  chmodSync(old, 0o644)
  for (const path of [file, old]) {
    const log = openLog({ file: path })
    log.info('a.b')
    await log.flush()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  }
  expect(statSync(join(directory, 'logs')).mode & 0o777).toBe(0o700)
})

test('a log is kept at a restart, unless a fresh one is asked for', async () => {
  const eventsAfterRun = async (event: string, truncateOnStart: boolean) => {
    const log = openLog({ truncateOnStart })
    log.info(event)
    await log.flush()
    return events()
  }
  expect(await eventsAfterRun('run.1', false)).toEqual(['run.1'])
  expect(await eventsAfterRun('run.2', false)).toEqual(['run.1', 'run.2'])
  expect(await eventsAfterRun('run.3', true)).toEqual(['run.3'])
})

test('a full file moves aside, and the oldest goes', async () => {
  const log = openLog({ bytesMax: 400, filesMax: 3 })
  for (let round = 0; round < 12; round += 1) {
    log.info(`round.${round}`)
    await log.flush()
  }
  expect(readdirSync(join(directory, 'logs')).sort()).toEqual(['server.log', 'server.log.1', 'server.log.2'])
  const kept = ['server.log.2', 'server.log.1', 'server.log'].flatMap((name) => events(join(directory, 'logs', name)))
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => `round.${12 - kept.length + index}`))
  for (const name of readdirSync(join(directory, 'logs'))) {
    expect(statSync(join(directory, 'logs', name)).size).toBeLessThanOrEqual(400)
  }
})

test('a log that somebody moved away begins anew', async () => {
  const log = openLog()
  log.info('a.before')
  await log.flush()
  rmSync(join(directory, 'logs'), { recursive: true })
  log.info('a.after')
  await log.flush()
  expect(events()).toEqual(['a.after'])
})

test('what cannot be written is counted, complained about once, and told when writing works again', async () => {
  const complaints: string[] = []
  mkdirSync(file, { recursive: true })
  const log = openLog({ complain: (text) => complaints.push(text) })
  for (const round of [1, 2, 3]) {
    log.info(`lost.${round}`)
    log.info(`lost.${round}`)
    await log.flush()
  }
  expect(complaints).toHaveLength(1)
  expect(complaints[0]).toContain(file)
  rmdirSync(file)
  log.info('a.kept')
  await log.flush()
  expect(events()).toEqual(['a.kept', 'log.records_dropped'])
  expect(readFileSync(file, 'utf8')).toContain('"records":6')
})

test('lines that wait for the disk are bounded', async () => {
  const log = openLog({ queueCharsMax: 1_000 })
  for (let index = 0; index < 1_000; index += 1) log.info('a.b')
  await log.flush()
  const written = events()
  expect(written.length).toBeLessThan(12)
  expect(written.at(-1)).toBe('log.records_dropped')
  expect(JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '').records).toBe(1_001 - written.length)
})

test('a disk that fills up in the middle of a line leaves whole lines', async () => {
  const script = `
    const { LogFile } = await import(${JSON.stringify(join(import.meta.dir, '../../src/lib/log-file.ts'))})
    const log = new LogFile({ file: ${JSON.stringify(file)}, filter: 'info', format: 'json', runId: 'r', truncateOnStart: false })
    process.on('SIGXFSZ', () => {})
    for (let index = 0; index < 100; index += 1) { log.info('a.b', { text: 'x'.repeat(90) }); await log.flush() }
  `
  const child = Bun.spawn(['sh', '-c', 'ulimit -f 8; exec "$0" -e "$1"', process.execPath, script], { stderr: 'pipe' })
  expect(await new Response(child.stderr).text()).toContain('Cannot write the log')
  expect(await child.exited).toBe(0)
  expect(events().length).toBeGreaterThan(5)
})

test('a process that must exit at once can still write what waits', () => {
  const log = openLog()
  mkdirSync(join(directory, 'logs'))
  log.error('a.last')
  log.flushSync()
  expect(events()).toEqual(['a.last'])
})
