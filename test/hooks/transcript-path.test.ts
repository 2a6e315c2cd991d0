import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTranscript } from '../../src/hooks/transcript-path.ts'

const home = mkdtempSync(join(tmpdir(), 'transcript-path-'))
afterAll(() => rmSync(home, { recursive: true }))

function aTranscript(config: string, folder: string, session: string): string {
  const path = join(home, config, 'projects', folder, `${session}.jsonl`)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, '')
  return path
}

const atHome = { configDirectory: undefined, home }

describe('the transcript of a session', () => {
  test('lies where the CLI writes it, every odd character of the directory being a dash', () => {
    const path = aTranscript('.claude', '-home-dev-my-app-v1-2', 's1')
    expect(findTranscript('s1', '/home/dev/my_app v1.2', atHome)).toBe(path)
  })

  test('lies where older versions wrote it, which replaced slashes only', () => {
    const path = aTranscript('.claude', '-home-dev-app.js', 's2')
    expect(findTranscript('s2', '/home/dev/app.js', atHome)).toBe(path)
  })

  test('lies under the configured directory', () => {
    const path = aTranscript('elsewhere', '-p', 's3')
    expect(findTranscript('s3', '/p', { configDirectory: join(home, 'elsewhere'), home })).toBe(path)
  })

  test('is unknown while there is no file', () => {
    expect(findTranscript('s4', '/p', atHome)).toBeNull()
  })

  test('is never looked for under an id that leads elsewhere', () => {
    aTranscript('.claude', 'x', 's5')
    expect(findTranscript('../x/s5', '/p', atHome)).toBeNull()
    expect(findTranscript('', '/p', atHome)).toBeNull()
  })
})
