import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SpoolDrainer, type SpoolOutcome } from '../../src/hooks/spool.ts'
import { listSpool } from '../../src/hooks/spool-files.ts'
import { HOOK_BODY_BYTES_MAX } from '../../src/lib/limits.ts'
import { silentLog } from '../../src/lib/log.ts'

let directory: string
const drainers: SpoolDrainer[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spool-'))
})
afterEach(async () => {
  await Promise.all(drainers.splice(0).map((drainer) => drainer.stop()))
  rmSync(directory, { recursive: true })
})

const put = (name: string, body = name) => writeFileSync(join(directory, name), `${body}\n`)

/** A drainer that notes what it delivers; `outcome` decides what becomes of it. */
function drainer(outcome: (body: string) => SpoolOutcome = () => 'applied', delivered: string[] = []) {
  const made = new SpoolDrainer({
    directory,
    log: silentLog,
    deliver: async (body) => {
      delivered.push(body)
      return outcome(body)
    },
  })
  drainers.push(made)
  return { drainer: made, delivered }
}

describe('the order of the spool', () => {
  test('is that of the events, whoever wrote the files', async () => {
    const inOrder = [
      '1700000000-9.json',
      '1700000000-10.json',
      '1700000000500-7.json',
      '1700000001-000000-812.json',
      '1700000001-000001-8.json',
      '1700000001-000010-3.json',
      '1700000002-1.json',
      '17000000030-000000-1.json',
    ]
    for (const name of [...inOrder].reverse()) put(name)
    expect(await listSpool(directory)).toEqual(inOrder)
  })

  test('leaves out drafts, directories, links and other files, and removes drafts that were left behind', async () => {
    put('1700000000-1.json')
    put('.draft')
    put('.old-draft')
    utimesSync(join(directory, '.old-draft'), 0, 0)
    put('notes.txt')
    mkdirSync(join(directory, '1700000000-2.json'))
    symlinkSync('/etc/hostname', join(directory, '1700000000-3.json'))
    expect(await listSpool(directory)).toEqual(['1700000000-1.json'])
    expect(existsSync(join(directory, '.draft'))).toBe(true)
    expect(existsSync(join(directory, '.old-draft'))).toBe(false)
  })

  test('is empty where there is no directory', async () => {
    expect(await listSpool(join(directory, 'nowhere'))).toEqual([])
  })
})

describe('draining', () => {
  test('hands over every event in order and removes what is applied', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `1700000000-${String(index).padStart(6, '0')}-1.json`)
    for (const name of names) put(name)
    const { drainer: spool, delivered } = drainer()
    await spool.drain()
    expect(delivered).toEqual(names)
    expect(readdirSync(directory)).toEqual([])
  })

  test('sets aside what can never be applied, with the reason, and goes on', async () => {
    put('1-1.json', '{bad')
    put('2-1.json')
    writeFileSync(join(directory, '3-1.json'), '')
    truncateSync(join(directory, '3-1.json'), HOOK_BODY_BYTES_MAX + 1)
    const { drainer: spool, delivered } = drainer((body) => (body === '{bad' ? 'refused' : 'applied'))
    await spool.drain()
    expect(delivered).toEqual(['{bad', '2-1.json'])
    expect(readdirSync(directory)).toEqual(['failed'])
    expect(readdirSync(join(directory, 'failed')).sort()).toEqual([
      '1-1.json',
      '1-1.json.reason',
      '3-1.json',
      '3-1.json.reason',
    ])
    expect(readFileSync(join(directory, 'failed', '3-1.json.reason'), 'utf8')).toContain('larger than')
  })

  test('keeps everything while it cannot be applied, and applies it later', async () => {
    put('1-1.json')
    put('2-1.json')
    let works = false
    const { drainer: spool, delivered } = drainer(() => (works ? 'applied' : 'unavailable'))
    await spool.drain()
    expect(readdirSync(directory)).toHaveLength(2)
    works = true
    await spool.drain()
    expect(readdirSync(directory)).toEqual([])
    expect(delivered.slice(-2)).toEqual(['1-1.json', '2-1.json'])
  })

  test('runs once at a time: whoever asks meanwhile waits for what has come since', async () => {
    put('1-1.json')
    const { drainer: spool, delivered } = drainer()
    const first = spool.drain()
    put('2-1.json')
    await Promise.all([first, spool.drain()])
    expect(delivered).toEqual(['1-1.json', '2-1.json'])
  })

  test('finds files that appear while it watches', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const spool = new SpoolDrainer({
      directory,
      log: silentLog,
      deliver: async (body) => {
        resolve(body)
        return 'applied'
      },
    })
    drainers.push(spool)
    spool.watch()
    put('1-1.json')
    expect(await promise).toBe('1-1.json')
  })
})
