import type { Database } from 'bun:sqlite'
import { afterEach, describe, expect, test } from 'bun:test'
import { closeSync, copyFileSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import {
  EVENT_MEMORY_MS,
  PRUNED_SESSIONS_MAX,
  STORE_BATCH_ROWS_MAX,
  STORE_QUEUE_CHARS_MAX,
  STORE_RETRY_MS_MAX,
} from '../../src/lib/limits.ts'
import type { LogFields } from '../../src/lib/log.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import { encodeRow } from '../../src/store/rows.ts'
import { StoreWriter } from '../../src/store/store-writer.ts'
import { aMessage } from './builders.ts'
import {
  afterwards,
  all,
  canMount,
  cleanUp,
  newDatabasePath,
  opened,
  TestTimers,
  TINY_DISK_BYTES,
  tinyDisk,
} from './fixtures.ts'

afterEach(cleanUp)

/** A writer whose every word is noted: `committed 1`, `failed disk_full`, `recovered`, `row.skipped`. */
function aWriter(path = newDatabasePath()) {
  const db = openDatabase(path)
  afterwards(() => db.close(true))
  const said: string[] = []
  const logged: { readonly event: string; readonly fields: LogFields | undefined }[] = []
  const note = (event: string, fields?: LogFields) => void logged.push({ event, fields })
  const timers = new TestTimers()
  const writer = new StoreWriter({
    db,
    path,
    timers,
    log: { error: note, warn: note, info: note, debug: note },
    committed: (mark) => said.push(`committed ${mark}`),
    failed: ({ fault }) => said.push(`failed ${fault}`),
    recovered: () => said.push('recovered'),
  })
  return { db, writer, timers, said, logged }
}

const aSession = (id = 's1') => encodeRow(id, { table: 'sessions', put: { provider: 'claude', projectPath: '/repo' } })
const message = (id: string, content = 'hello') =>
  encodeRow('s1', { table: 'messages', put: aMessage({ id, content }), sequence: 0 })
const event = (session: string, seen: string, at: number) => encodeRow(session, { table: 'events', seen, at })
const messageIds = (db: Database) => all(db, 'SELECT id FROM messages ORDER BY id').map(({ id }) => id)

describe('a group commit', () => {
  test('takes everything that has arrived, and answers with the last mark', () => {
    const { db, writer, timers, said } = aWriter()
    writer.write(1, [aSession()])
    writer.write(2, [message('a')])
    expect(said).toEqual([])
    timers.turn()
    expect(said).toEqual(['committed 2'])
    expect(messageIds(db)).toEqual(['a'])
  })

  test('leaves what arrives during it to the next one', () => {
    const { writer, timers, said } = aWriter()
    const during = aWriterThatHears(said, () => writer.write(2, [message('a')]))
    writer.write(1, [aSession()])
    during()
    timers.turn()
    timers.turn()
    expect(said).toEqual(['committed 1', 'committed 2'])
  })

  test('is bounded, and keeps the rows of one letter together', () => {
    const { db, writer, timers, said } = aWriter()
    const letter = (mark: number) =>
      Array.from({ length: STORE_BATCH_ROWS_MAX - 1 }, (_, index) => message(`${mark}-${index}`))
    writer.write(1, [aSession()])
    writer.write(2, letter(2))
    writer.write(3, letter(3))
    timers.turn()
    expect(said).toEqual(['committed 2'])
    timers.turn()
    expect(said).toEqual(['committed 2', 'committed 3'])
    expect(messageIds(db)).toHaveLength(2 * (STORE_BATCH_ROWS_MAX - 1))
  })

  test('takes a letter that is larger than the bound alone', () => {
    const { writer, timers, said } = aWriter()
    writer.write(1, [
      aSession(),
      ...Array.from({ length: STORE_BATCH_ROWS_MAX * 2 }, (_, index) => message(`${index}`)),
    ])
    timers.turn()
    expect(said).toEqual(['committed 1'])
  })
})

describe('a row that cannot be written', () => {
  test('is skipped and logged without its contents; the others are written', () => {
    const { db, writer, timers, said, logged } = aWriter()
    const orphan = encodeRow('nobody', {
      table: 'messages',
      put: aMessage({ id: 'x', content: 'secret' }),
      sequence: 0,
    })
    writer.write(1, [aSession(), message('a'), orphan, 'not json: secret', message('b')])
    timers.turn()
    expect(said).toEqual(['committed 1'])
    expect(messageIds(db)).toEqual(['a', 'b'])
    expect(logged).toEqual([
      {
        event: 'store.row.skipped',
        fields: {
          reason: 'SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed',
          session_id: 'nobody',
          table: 'messages',
        },
      },
      { event: 'store.row.skipped', fields: { reason: 'SyntaxError' } },
    ])
  })

  test('gets a second chance when what it needs comes later', () => {
    const { db, writer, timers, logged } = aWriter()
    writer.write(1, [message('a'), aSession()])
    timers.turn()
    expect(messageIds(db)).toEqual(['a'])
    expect(logged).toEqual([])
  })
})

describe('a disk that is full', () => {
  test('loses nothing: what was handed over is kept, in order, and written once there is space', () => {
    const { db, writer, timers, said } = aWriter()
    limitPages(db)
    writer.write(1, [aSession()])
    writer.write(2, [message('a', 'x'.repeat(200_000))])
    timers.turn()
    writer.write(3, [message('b')])
    for (let tries = 0; tries < 3; tries++) timers.wait()
    expect(said).toEqual(['failed disk_full'])
    expect(messageIds(db)).toEqual([])
    db.run('PRAGMA max_page_count = 100000')
    timers.wait()
    expect(said).toEqual(['failed disk_full', 'committed 3', 'recovered'])
    expect(messageIds(db)).toEqual(['a', 'b'])
  })

  test('is tried again less and less often', () => {
    const { db, writer, timers } = aWriter()
    limitPages(db)
    writer.write(1, [aSession(), message('a', 'x'.repeat(200_000))])
    timers.turn()
    const delays = Array.from({ length: 8 }, () => {
      const { delays } = timers
      timers.wait()
      return delays
    })
    expect(delays.flat()).toEqual([100, 200, 400, 800, 1_600, 3_200, STORE_RETRY_MS_MAX, STORE_RETRY_MS_MAX])
  })

  test.if(canMount)('is survived on a real one too', () => {
    const directory = tinyDisk()
    const { db, writer, timers, said } = aWriter(join(directory, 'orbitdock.db'))
    writer.write(1, [aSession()])
    timers.turn()
    fill(directory)
    writer.write(2, [message('a', 'x'.repeat(TINY_DISK_BYTES / 8))])
    timers.turn()
    expect(said).toEqual(['committed 1', 'failed disk_full'])
    rmSync(join(directory, 'ballast'))
    timers.wait()
    expect(said).toEqual(['committed 1', 'failed disk_full', 'committed 2', 'recovered'])
    expect(messageIds(db)).toEqual(['a'])
  })
})

test('more than may wait is reported like a failing disk, until it is written', () => {
  const { writer, timers, said } = aWriter()
  const large = message('a', 'x'.repeat(STORE_QUEUE_CHARS_MAX / 2))
  writer.write(1, [aSession()])
  writer.write(2, [large])
  writer.write(3, [large])
  expect(said).toEqual(['failed behind'])
  timers.turn()
  expect(said).toEqual(['failed behind', 'committed 3', 'recovered'])
})

describe('in a quiet moment', () => {
  test('the write-ahead log goes into the database', () => {
    const path = newDatabasePath()
    const { writer, timers } = aWriter(path)
    writer.write(1, [aSession()])
    timers.turn()
    timers.wait()
    copyFileSync(path, `${path}.copy`)
    expect(all(opened(`${path}.copy`), 'SELECT id FROM sessions')).toEqual([{ id: 's1' }])
  })

  test('events of long ago are forgotten, a few sessions at a time', () => {
    const { db, writer, timers } = aWriter()
    const now = timers.now()
    const sessions = Array.from({ length: PRUNED_SESSIONS_MAX + 1 }, (_, index) => `s${index}`)
    writer.write(
      1,
      sessions.map((session) => event(session, 'old', now - EVENT_MEMORY_MS - 1_000)),
    )
    writer.write(2, [event('s0', 'new', now)])
    timers.turn()
    timers.wait()
    expect(all(db, 'SELECT event_id FROM hook_events')).toHaveLength(2)
    timers.wait()
    expect(all(db, 'SELECT session_id, event_id FROM hook_events')).toEqual([{ session_id: 's0', event_id: 'new' }])
    expect(timers.delays).toEqual([])
  })
})

test('closing writes what waits and leaves one file', () => {
  const path = newDatabasePath()
  const { writer, said } = aWriter(path)
  writer.write(1, [aSession(), message('a')])
  expect(writer.close()).toBe(0)
  expect(said).toEqual(['committed 1'])
  expect([...new Bun.Glob('*').scanSync(join(path, '..'))]).toEqual(['orbitdock.db'])
})

/** Calls `then` while the next commit is reported, as a letter that arrives during it would. */
function aWriterThatHears(said: string[], then: () => void): () => void {
  const push = said.push.bind(said)
  return () => {
    said.push = (...words: string[]) => {
      said.push = push
      then()
      return push(...words)
    }
  }
}

function limitPages(db: Database): void {
  const [[pages]] = db.query('PRAGMA page_count').values() as [[number]]
  db.run(`PRAGMA max_page_count = ${pages + 4}`)
}

/** Leaves no block of a small disk free. */
function fill(directory: string): void {
  const ballast = openSync(join(directory, 'ballast'), 'w')
  try {
    for (;;) writeSync(ballast, Buffer.alloc(4096))
  } catch {
    closeSync(ballast)
  }
}
