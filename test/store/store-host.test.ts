import { afterEach, describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cells, localPair, type Port, workerPort } from '../../src/lib/port.ts'
import { openReader } from '../../src/store/open-reader.ts'
import { encodeRow } from '../../src/store/rows.ts'
import { readSession } from '../../src/store/sessions.ts'
import { runStoreHost } from '../../src/store/store-host.ts'
import { afterwards, all, cleanUp, newDatabasePath, opened } from './fixtures.ts'

afterEach(cleanUp)

const KILLS = 4
const MARKS_BEFORE_KILL = 1_500

describe.each([
  ['in a thread of its own', inWorker],
  ['in this thread', inThisThread],
])('the store %s', (_, start) => {
  test('opens, writes, answers in order, and closes', async () => {
    const path = newDatabasePath()
    const store = start()
    store.post(['open', JSON.stringify({ path }), 0])
    expect(await store.next('opened')).toEqual(['opened', expect.stringContaining('"direct_revived":0')])
    const put = { provider: 'claude', projectPath: '/repo' } as const
    store.post(['rows', 7, encodeRow('s1', { table: 'sessions', put })])
    expect(await store.next('committed')).toEqual(['committed', 7])
    store.post(['ping', 3])
    expect(await store.next('pong')).toEqual(['pong', 3])
    const reader = openReader(path)
    expect(readSession(reader, 's1')?.stored.projectPath).toBe('/repo')
    reader.close(true)
    store.post(['rows', 8, encodeRow('s1', { table: 'sessions', put: { model: 'opus' } })])
    store.post(['close'])
    expect(await store.next('committed')).toEqual(['committed', 8])
    expect(await store.next('closed')).toEqual(['closed'])
  })

  test('says why it cannot open', async () => {
    const path = newDatabasePath()
    writeFileSync(path, 'dear diary\n'.repeat(500))
    const store = start()
    store.post(['open', JSON.stringify({ path }), 0])
    const [, problem] = await store.next('failed')
    expect(JSON.parse(String(problem))).toEqual({
      fault: 'not_a_database',
      path,
      message: expect.stringContaining(path),
    })
  })

  test('started again in a living process repairs nothing and lifts the alarm', async () => {
    const path = newDatabasePath()
    const put = {
      provider: 'claude',
      projectPath: '/repo',
      integrationMode: 'direct',
      workStatus: 'working',
      promptCount: 1,
    } as const
    const first = start()
    first.post(['open', JSON.stringify({ path }), 0])
    first.post(['rows', 1, encodeRow('s1', { table: 'sessions', put })])
    first.post(['close'])
    await first.next('closed')
    const second = start()
    second.post(['open', JSON.stringify({ path }), 1])
    expect(await second.next('opened')).toEqual(['opened', '{}'])
    expect(await second.next('storage')).toEqual(['storage', 'recovered', '{}'])
    const reader = openReader(path)
    expect(readSession(reader, 's1')?.stored.workStatus).toBe('working')
    reader.close(true)
    second.post(['close'])
    await second.next('closed')
  })
})

test('a store that cannot be opened again says so and ends its thread, for another one to try', async () => {
  const path = newDatabasePath()
  writeFileSync(path, 'dear diary\n'.repeat(500))
  const worker = new Worker(new URL('../../src/store/store.worker.ts', import.meta.url).href)
  const ended = new Promise((resolve) => worker.addEventListener('error', resolve))
  const store = heard(workerPort(worker))
  store.post(['open', JSON.stringify({ path }), 1])
  expect((await store.next('storage')).slice(0, 2)).toEqual(['storage', 'failed'])
  await ended
})

test('what was reported as committed is there after kill -9', async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const path = newDatabasePath()
    const server = Bun.spawn([process.execPath, join(import.meta.dir, 'write-until-killed.ts'), path], {
      stdout: 'pipe',
    })
    const acknowledged = await lastMark(server, MARKS_BEFORE_KILL)
    expect(acknowledged).toBeGreaterThanOrEqual(MARKS_BEFORE_KILL)
    const stored = all(
      opened(path),
      `SELECT count(*) AS rows FROM messages WHERE sequence BETWEEN 1 AND ${acknowledged}`,
    )
    expect(stored).toEqual([{ rows: acknowledged }])
  }
}, 30_000)

interface Store extends Pick<Port, 'post'> {
  /** The next letter with this word; those with other words are passed over. */
  next(word: string): Promise<Cells>
}

function inWorker(): Store {
  const worker = new Worker(new URL('../../src/store/store.worker.ts', import.meta.url).href)
  afterwards(() => worker.terminate())
  return heard(workerPort(worker))
}

function inThisThread(): Store {
  const [here, there] = localPair()
  afterwards(() => here.close())
  runStoreHost(there)
  return heard(here)
}

function heard(port: Port): Store {
  const letters: Cells[] = []
  let waiting: { readonly word: string; resolve(letter: Cells): void } | undefined
  const look = () => {
    if (!waiting) return
    const found = letters.findIndex(([word]) => word === waiting?.word)
    const letter = letters.splice(0, found + 1).at(-1)
    if (letter) waiting.resolve(letter)
  }
  port.onMessage((letter) => {
    letters.push(letter)
    look()
  })
  return {
    post: (letter) => port.post(letter),
    next: (word) =>
      new Promise((resolve) => {
        waiting = { word, resolve }
        look()
      }),
  }
}

/** Reads marks until there are enough, kills the process, and returns the last mark that it got out. */
async function lastMark(server: Bun.Subprocess<'ignore' | 'inherit', 'pipe'>, enough: number): Promise<number> {
  let output = ''
  let mark = 0
  for await (const chunk of server.stdout.pipeThrough(new TextDecoderStream())) {
    output += chunk
    mark = Number(output.split('\n').at(-2) ?? 0)
    if (mark >= enough) server.kill('SIGKILL')
  }
  await server.exited
  return mark
}
