/** What `init` and `generate-token` leave in the data directory. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInit } from '../../src/install/init.ts'
import { generateToken, readToken } from '../../src/install/token.ts'
import { type DataPaths, dataPaths } from '../../src/lib/data-paths.ts'

let root: string
let paths: DataPaths
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'orbitdock-')))
  paths = dataPaths(join(root, 'deep', '.orbitdock'))
})
afterEach(() => rmSync(root, { recursive: true }))

const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8)
const createDatabase = () => {}

describe('init', () => {
  test('makes everything for the eyes of the owner, and a script that can be run', async () => {
    const order: string[] = []
    const lines = await runInit({ paths, createDatabase: () => void order.push(...readdirSync(paths.root).sort()) })
    expect(order).toEqual(['images', 'logs', 'spool'])
    expect(lines.slice(0, 4)).toEqual([
      `  Created ${paths.root}/`,
      `  Database initialized at ${paths.database}`,
      `  Hook script installed to ${paths.hookScript}`,
      '',
    ])
    for (const path of [paths.root, paths.logs, paths.spool, paths.spoolFailed, paths.images])
      expect(mode(path)).toBe('700')
    for (const path of [paths.authToken, paths.hookCurlConfig, paths.hostId]) expect(mode(path)).toBe('600')
    expect(mode(paths.hookScript)).toBe('755')
    expect(readFileSync(paths.hookScript, 'utf8')).toContain(`host_id='${readFileSync(paths.hostId, 'utf8').trim()}'`)
  })

  test('can be run again: the machine keeps its name and its token', async () => {
    await runInit({ paths, createDatabase })
    const before = [paths.hookScript, paths.hostId, paths.authToken].map((path) => readFileSync(path, 'utf8'))
    const [first] = await runInit({ paths, createDatabase })
    expect(first).toBe(`  Found ${paths.root}/`)
    expect([paths.hookScript, paths.hostId, paths.authToken].map((path) => readFileSync(path, 'utf8'))).toEqual(before)
  })

  test('closes a directory that the original left open to everybody, but not one that everybody shares', async () => {
    mkdirSync(paths.root, { recursive: true })
    chmodSync(paths.root, 0o755)
    await runInit({ paths, createDatabase })
    expect(mode(paths.root)).toBe('700')
    chmodSync(root, 0o1777)
    await runInit({ paths: dataPaths(root), createDatabase })
    expect(mode(root)).toBe('1777')
  })

  test('lets the hooks use a token that was there before', async () => {
    mkdirSync(paths.root, { recursive: true })
    writeFileSync(paths.authToken, 'a"b\\c')
    await runInit({ paths, createDatabase, serverUrl: 'https://dock.example.com/' })
    expect(readFileSync(paths.hookCurlConfig, 'utf8')).toBe('header = "Authorization: Bearer a\\"b\\\\c"\n')
    expect(readFileSync(paths.hookScript, 'utf8')).toContain("url='https://dock.example.com/api/hook'")
  })

  test('gives the address of a server elsewhere no token of this machine', async () => {
    await runInit({ paths, createDatabase, serverUrl: 'http://10.0.0.1:4000' })
    expect(readToken(paths)).toBeNull()
  })

  test('refuses what is no address of a server', async () => {
    for (const serverUrl of ['127.0.0.1:4000', 'ftp://x', 'http://u:p@x', 'http://x?a', 'nonsense']) {
      await expect(runInit({ paths, createDatabase, serverUrl })).rejects.toThrow(
        `"${serverUrl}" is not the address of a server`,
      )
    }
  })

  test('fails with the reason when the database cannot be made', async () => {
    const init = runInit({
      paths,
      createDatabase: () => {
        throw new Error('disk full')
      },
    })
    await expect(init).rejects.toThrow('disk full')
  })

  test('names what it cannot make', async () => {
    writeFileSync(join(root, 'deep'), 'a file')
    await expect(runInit({ paths, createDatabase })).rejects.toThrow(`Cannot write ${paths.root}`)
  })
})

describe('generate-token', () => {
  test('keeps a new token where hooks and commands find it, and shows it once', () => {
    const [first = ''] = generateToken({ paths })
    const token = readToken(paths)
    expect(first).toBe(`  Token: ${token}`)
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect(readFileSync(paths.hookCurlConfig, 'utf8')).toBe(`header = "Authorization: Bearer ${token}"\n`)
    expect([mode(paths.authToken), mode(paths.hookCurlConfig), mode(paths.root)]).toEqual(['600', '600', '700'])
    generateToken({ paths })
    expect(readToken(paths)).not.toBe(token)
  })
})
