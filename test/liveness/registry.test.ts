import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry, recordNow } from '../../src/liveness/registry.ts'
import { Changes } from '../support/within.ts'
import { recordText } from './recorded-records.ts'

let configDir = ''
const said: string[] = []
const changes = new Changes()
let registry: Registry

beforeEach(() => {
  configDir = mkdtempSync(join(tmpdir(), 'registry-'))
  mkdirSync(join(configDir, 'sessions'))
  said.length = 0
  const say = (word: string) => {
    said.push(word)
    changes.announce()
  }
  registry = new Registry({
    changed: ({ pid, status }, before) => say(`${pid} ${before ? `${before.status} → ` : ''}${status}`),
    gone: ({ pid }) => say(`${pid} gone`),
  })
  registry.follow(configDir)
})

afterEach(() => {
  registry.close()
  rmSync(configDir, { recursive: true, force: true })
})

const fileOf = (pid: number) => join(configDir, 'sessions', `${pid}.json`)
const note = (pid: number, status: string) =>
  writeFileSync(fileOf(pid), recordText('197', 'ready', { pid, status, statusUpdatedAt: said.length }))
const heard = (...words: readonly string[]) =>
  changes.until(
    () => (words.every((word) => said.includes(word)) ? true : undefined),
    5_000,
    () => `expected ${words.join(', ')}; it said ${said.join(', ')}`,
  )

describe('the registry', () => {
  test('tells of what is there, once', async () => {
    note(1, 'idle')
    note(2, 'busy')
    await registry.scan()
    expect(said.toSorted()).toEqual(['1 idle', '2 busy'])
    await registry.scan()
    expect(said).toHaveLength(2)
    expect(registry.recordOf(2)).toMatchObject({ pid: 2, configDir })
  })

  test('tells of changes without being asked', async () => {
    await registry.scan()
    note(1, 'idle')
    await heard('1 idle')
    note(1, 'busy')
    await heard('1 idle → busy')
    rmSync(fileOf(1))
    await heard('1 gone')
    expect(registry.recordOf(1)).toBeUndefined()
  })

  test('finds at the next look what the system did not report', async () => {
    rmSync(join(configDir, 'sessions'), { recursive: true })
    await registry.scan()
    mkdirSync(join(configDir, 'sessions'))
    note(1, 'idle')
    await registry.scan()
    expect(said).toEqual(['1 idle'])
    rmSync(join(configDir, 'sessions'), { recursive: true })
    await registry.scan()
    expect(said).toEqual(['1 idle', '1 gone'])
  })

  test('watches the directory that took the place of another', async () => {
    await registry.scan()
    rmSync(join(configDir, 'sessions'), { recursive: true })
    mkdirSync(join(configDir, 'sessions.new'))
    renameSync(join(configDir, 'sessions.new'), join(configDir, 'sessions'))
    await registry.scan()
    note(3, 'idle')
    await heard('3 idle')
  })

  test('waits for the rest of a record that is half written', async () => {
    const text = recordText('197', 'ready', { pid: 1 })
    writeFileSync(fileOf(1), text.slice(0, 100))
    await registry.scan()
    expect(said).toEqual([])
    writeFileSync(fileOf(1), text)
    await heard('1 idle')
  })

  test('leaves alone whatever else lies there', async () => {
    writeFileSync(join(configDir, 'sessions', '14556.key'), recordText('197', 'ready'))
    mkdirSync(join(configDir, 'sessions', '7.json'))
    await registry.scan()
    expect(said).toEqual([])
  })

  test('reads one record at once where that is asked for', () => {
    note(5, 'busy')
    expect(recordNow(configDir, 5)).toMatchObject({ pid: 5, status: 'busy' })
    expect(recordNow(configDir, 6)).toBeNull()
  })
})
