import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WATCHED_DIRECTORIES_MAX } from '../../src/transcripts/limits.ts'
import { TranscriptWatcher } from '../../src/transcripts/transcript-watcher.ts'
import { Changes } from '../support/within.ts'

let folder = ''
let watcher: TranscriptWatcher
const written: string[] = []
const changes = new Changes()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transcript-watcher-'))
  watcher = new TranscriptWatcher()
  written.length = 0
})

afterEach(() => {
  watcher.close()
  rmSync(folder, { recursive: true })
})

const at = (name: string) => join(folder, name)
const watch = (name: string) =>
  watcher.watch(at(name), () => {
    written.push(name)
    changes.announce()
  })
const told = (name: string) =>
  changes.until(
    () => written.includes(name) || undefined,
    5_000,
    () => `nobody told of ${name}`,
  )

describe('what is written to a transcript', () => {
  test('is told, also when the file was not there before', async () => {
    expect(watch('a.jsonl')).toBe(true)
    appendFileSync(at('a.jsonl'), 'one\n')
    await told('a.jsonl')
    written.length = 0
    appendFileSync(at('a.jsonl'), 'two\n')
    await told('a.jsonl')
  })

  test('is not told of files that nobody watches, or watches no more', async () => {
    for (const name of ['a.jsonl', 'b.jsonl']) watch(name)
    watcher.unwatch(at('a.jsonl'))
    appendFileSync(at('a.jsonl'), 'one\n')
    appendFileSync(at('c.jsonl'), 'one\n')
    appendFileSync(at('b.jsonl'), 'one\n')
    await told('b.jsonl')
    expect(new Set(written)).toEqual(new Set(['b.jsonl']))
  })

  test('cannot be told in a directory that is not there', () => {
    expect(watch('missing/a.jsonl')).toBe(false)
    mkdirSync(at('missing'))
    expect(watch('missing/a.jsonl')).toBe(true)
  })

  test('is told in so many directories at a time', () => {
    for (let index = 0; index <= WATCHED_DIRECTORIES_MAX; index++) mkdirSync(at(`d${index}`))
    const watched = Array.from({ length: WATCHED_DIRECTORIES_MAX + 1 }, (_, index) => watch(`d${index}/a.jsonl`))
    expect(watched.indexOf(false)).toBe(WATCHED_DIRECTORIES_MAX)
    watcher.unwatch(at('d0/a.jsonl'))
    expect(watch(`d${WATCHED_DIRECTORIES_MAX}/a.jsonl`)).toBe(true)
  })
})
