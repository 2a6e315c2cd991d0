import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { appendFileSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionEvent } from '../../src/session/events.ts'
import { readLeftOut } from '../../src/transcripts/gap-reader.ts'
import {
  TRANSCRIPT_IN_ORDER_BYTES_MAX,
  TRANSCRIPT_LINE_BYTES_MAX,
  TRANSCRIPT_READ_BYTES,
  TRANSCRIPT_TAIL_BYTES,
} from '../../src/transcripts/limits.ts'
import {
  type TranscriptCursor,
  TranscriptReader,
  type TranscriptSlice,
} from '../../src/transcripts/transcript-reader.ts'
import { meaningOf, recordedTranscript } from './recorded-transcripts.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'transcript-reader-')))
afterAll(() => rmSync(folder, { recursive: true }))

let path = ''
let files = 0
beforeEach(() => {
  path = join(folder, `${++files}.jsonl`)
})

function aReader(cursor?: TranscriptCursor): TranscriptReader {
  return new TranscriptReader({ sessionId: 's', path, cursor })
}

async function slicesOf(reader: TranscriptReader): Promise<readonly TranscriptSlice[]> {
  return await Array.fromAsync(reader.read(null))
}

async function eventsOf(reader: TranscriptReader): Promise<readonly SessionEvent[]> {
  return (await slicesOf(reader)).flatMap(({ events }) => events)
}

/** The texts of the rows. */
async function rowsOf(reader: TranscriptReader): Promise<readonly string[]> {
  return (await eventsOf(reader)).flatMap((event) => rowOf(event)?.content ?? [])
}

function rowOf(event: SessionEvent) {
  return event.type === 'message_reported' ? event.message : undefined
}

function line(text: string): string {
  return `${JSON.stringify({ type: 'user', uuid: text, message: { content: text } })}\n`
}

let interruptions = 0
/** Each is an entry of its own. */
function interrupted(): string {
  return line('[Request interrupted by user]').replace('"uuid":"', `"uuid":"${++interruptions}`)
}

describe('a transcript', () => {
  test('is read as it grows, each line once', async () => {
    writeFileSync(path, line('one'))
    const reader = aReader()
    expect(await rowsOf(reader)).toEqual(['one'])
    expect(await slicesOf(reader)).toEqual([])
    appendFileSync(path, line('two') + line('three').slice(0, 20))
    expect(await rowsOf(reader)).toEqual(['two'])
    appendFileSync(path, line('three').slice(20))
    expect(await rowsOf(reader)).toEqual(['three'])
  })

  test('may appear late', async () => {
    const reader = aReader()
    expect(await slicesOf(reader)).toEqual([])
    writeFileSync(path, line('one'))
    expect(await rowsOf(reader)).toEqual(['one'])
  })

  test('of a real CLI means the same whether it is read at once or as it grows', async () => {
    const bytes = recordedTranscript('i-agent')
    const reader = aReader()
    await slicesOf(reader)
    const read: SessionEvent[] = []
    for (let at = 0; at < bytes.length; at += 1_000) {
      appendFileSync(path, bytes.subarray(at, at + 1_000))
      read.push(...(await eventsOf(reader)))
    }
    const rows = (events: readonly SessionEvent[]) => events.filter(({ type }) => type !== 'tokens_reported')
    expect(rows(read)).toEqual(rows(meaningOf(bytes, true)))
    expect(read.filter(({ type }) => type === 'tokens_reported')).not.toEqual([])
  })

  test('goes on after a restart where the cursor says', async () => {
    writeFileSync(path, line('one') + line('two').slice(0, 10))
    const [slice] = await slicesOf(aReader())
    appendFileSync(path, line('two').slice(10))
    expect(slice?.cursor.offset).toBe(line('one').length)
    expect(await rowsOf(aReader(slice?.cursor))).toEqual(['two'])
  })

  test('counters are told once as long as they stay', async () => {
    const usage = { input_tokens: 5, output_tokens: 1 }
    const spoken = `${JSON.stringify({ type: 'assistant', message: { model: 'm', content: [], usage } })}\n`
    writeFileSync(path, spoken)
    const reader = aReader()
    expect((await eventsOf(reader)).map(({ type }) => type)).toEqual(['model_reported', 'tokens_reported'])
    appendFileSync(path, spoken)
    expect((await Array.fromAsync(reader.read('m'))).flatMap(({ events }) => events)).toEqual([])
  })
})

describe('a file that is not the one that was read before', () => {
  test('is read from its beginning when it was cut', async () => {
    writeFileSync(path, line('one') + line('two'))
    const reader = aReader()
    await slicesOf(reader)
    writeFileSync(path, line('three'))
    expect(await rowsOf(reader)).toEqual(['three'])
  })

  test('is read from its beginning when it was written anew, however long it is', async () => {
    writeFileSync(path, line('one'))
    const reader = aReader()
    const [slice] = await slicesOf(reader)
    writeFileSync(path, line('another') + line('and more'))
    expect(await rowsOf(reader)).toEqual(['another', 'and more'])
    expect(await rowsOf(aReader(slice?.cursor))).toEqual(['another', 'and more'])
  })

  test('is read from its beginning when another took its place', async () => {
    writeFileSync(path, line('one'))
    const reader = aReader()
    await slicesOf(reader)
    writeFileSync(`${path}.new`, line('one') + line('two'))
    renameSync(`${path}.new`, path)
    expect(await rowsOf(reader)).toEqual(['one', 'two'])
  })

  test('is read from its beginning when its end was written anew, and is longer than it was', async () => {
    const head = line('x'.repeat(1_000))
    writeFileSync(path, head + line('taken back'))
    const reader = aReader()
    const [slice] = await slicesOf(reader)
    writeFileSync(path, head + line('y') + line('and more than there was before'))
    expect((await rowsOf(reader)).slice(1)).toEqual(['y', 'and more than there was before'])
    expect((await rowsOf(aReader(slice?.cursor))).slice(1)).toEqual(['y', 'and more than there was before'])
  })

  test('is marked as read before, until it is longer than it was', async () => {
    writeFileSync(path, line('one') + line('two'))
    const reader = aReader()
    expect((await slicesOf(reader)).map(({ again }) => again)).toEqual([false])
    writeFileSync(path, line('three'))
    expect((await slicesOf(reader)).map(({ again }) => again)).toEqual([true])
    appendFileSync(path, line('four'))
    expect((await slicesOf(reader)).map(({ again }) => again)).toEqual([false])
  })

  test('is the same one when it comes back', async () => {
    writeFileSync(path, line('one'))
    const reader = aReader()
    await slicesOf(reader)
    renameSync(path, `${path}.away`)
    expect(await slicesOf(reader)).toEqual([])
    appendFileSync(`${path}.away`, line('two'))
    renameSync(`${path}.away`, path)
    expect(await rowsOf(reader)).toEqual(['two'])
  })

  test('is not read through a link that took its place', async () => {
    writeFileSync(`${path}.secret`, line('secret'))
    symlinkSync(`${path}.secret`, path)
    expect(slicesOf(aReader())).rejects.toThrow()
  })

  test('is not read when it is no file', async () => {
    path = folder
    expect(slicesOf(aReader())).rejects.toThrow('no file')
  })
})

describe('what moves the status of a session', () => {
  const aborts = async (reader: TranscriptReader) =>
    (await eventsOf(reader)).filter(({ type }) => type === 'turn_aborted').length

  test('is not what was there before anybody watched', async () => {
    writeFileSync(path, interrupted())
    const reader = aReader()
    expect(await aborts(reader)).toBe(0)
    appendFileSync(path, interrupted())
    expect(await aborts(reader)).toBe(1)
  })

  test('is all of a file that appeared while somebody watched', async () => {
    const reader = aReader()
    await slicesOf(reader)
    writeFileSync(path, interrupted())
    expect(await aborts(reader)).toBe(1)
  })

  test('is what was missed since the cursor, unless the conversation went on', async () => {
    writeFileSync(path, line('one'))
    const [slice] = await slicesOf(aReader())
    appendFileSync(path, interrupted())
    expect(await aborts(aReader(slice?.cursor))).toBe(1)
    appendFileSync(path, line('two'))
    expect(await aborts(aReader(slice?.cursor))).toBe(0)
  })

  test('is the end of the file, not that of a slice', async () => {
    const reader = aReader()
    await slicesOf(reader)
    const first = interrupted()
    const filling = ['a', 'b'].map((letter) =>
      line(letter.repeat((TRANSCRIPT_READ_BYTES - first.length - line('').length) / 2)),
    )
    writeFileSync(path, first + filling.join(''))
    expect(await aborts(reader)).toBe(0)
  })
})

describe('reading is bounded', () => {
  test('by slices whose cursors go on one from the other', async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => line(`${index}`.padStart(1_000, '0')))
    writeFileSync(path, lines.join(''))
    const slices = await slicesOf(aReader())
    expect(slices.length).toBeGreaterThanOrEqual(lines.join('').length / TRANSCRIPT_READ_BYTES)
    for (const { events } of slices) expect(events.length).toBeLessThanOrEqual(TRANSCRIPT_READ_BYTES / 1_000 + 1)
    const [first] = slices
    expect(await rowsOf(aReader(first?.cursor))).toHaveLength(1_000 - (first?.events.length ?? 0))
  })

  test('by the length of a line: of one that is too long only a trace is left, and of one that is no JSON nothing', async () => {
    writeFileSync(path, '')
    const reader = aReader()
    await slicesOf(reader)
    for (let bytes = 0; bytes <= TRANSCRIPT_LINE_BYTES_MAX; bytes += 1024 * 1024)
      appendFileSync(path, 'x'.repeat(1024 * 1024))
    appendFileSync(path, `\n{"type":\n${line('two')}`)
    const slices = await slicesOf(reader)
    const rows = slices.flatMap(({ events }) => events)
    expect(rows).toMatchObject([{ message: { isError: true } }, { message: { content: 'two' } }])
    expect(slices.reduce((sum, { skippedLines }) => sum + skippedLines, 0)).toBe(2)
  })

  test('but what a line says beside a huge picture is read', async () => {
    writeFileSync(path, '')
    const reader = aReader()
    await slicesOf(reader)
    const picture = { type: 'image', source: { type: 'base64', data: 'A'.repeat(TRANSCRIPT_LINE_BYTES_MAX) } }
    const content = [picture, { type: 'text', text: 'What is this?' }]
    appendFileSync(path, `${JSON.stringify({ type: 'user', uuid: 'u', message: { content } })}\n`)
    const slices = await slicesOf(reader)
    expect(slices.flatMap(({ events }) => events)).toMatchObject([
      { message: { content: 'What is this?', images: [] } },
    ])
    expect(slices.every(({ skippedLines }) => skippedLines === 0)).toBe(true)
  })

  test('a line of many reads is read whole', async () => {
    const text = 'é'.repeat(TRANSCRIPT_READ_BYTES)
    writeFileSync(path, line(text) + line('two'))
    expect(await rowsOf(aReader())).toEqual([text, 'two'])
  })

  test('kinds of entries that nobody has heard of are named once for each slice', async () => {
    writeFileSync(path, '{"type":"brand-new"}\n{"type":"brand-new"}\n')
    expect((await slicesOf(aReader())).flatMap(({ unknownKinds }) => unknownKinds)).toEqual(['brand-new'])
  })
})

describe('a long transcript', () => {
  const lines = Array.from({ length: 3_000 }, (_, index) => line(`${index} ${'x'.repeat(1_000)}`))

  test('tells its newest lines first, which prompt it began with, and what it left out', async () => {
    writeFileSync(path, lines.join(''))
    const [opening, ...slices] = await slicesOf(aReader())
    const { leftOut } = opening ?? {}
    const texts = slices.flatMap(({ events }) => events).flatMap((event) => rowOf(event)?.content ?? [])
    expect(texts).toEqual(lines.slice(-texts.length).map((given) => JSON.parse(given).message.content))
    expect(leftOut).toMatchObject({ offset: 0, firstPrompt: JSON.parse(lines[0] ?? '').message.content })
    expect(lines.join('').slice(leftOut?.end)).toBe(lines.slice(-texts.length).join(''))
    const rest = leftOut ? await Array.fromAsync(readLeftOut(path, 's', leftOut)) : []
    expect(rest.flatMap(({ events }) => events)).toHaveLength(lines.length - texts.length)
    expect(rest.at(-1)?.offset).toBe(leftOut?.end)
  })

  test('is left out until the last line where that is all that fits', async () => {
    const [first, last] = [line('x'.repeat(TRANSCRIPT_IN_ORDER_BYTES_MAX)), line('y'.repeat(TRANSCRIPT_TAIL_BYTES * 2))]
    writeFileSync(path, first + last)
    const [opening, ...slices] = await slicesOf(aReader())
    expect(opening?.leftOut).toMatchObject({ offset: 0, end: first.length, firstPrompt: null })
    expect(slices.flatMap(({ events }) => events)).toHaveLength(1)
  })

  test('goes on behind its newest lines after a restart, though not all of it was read', async () => {
    writeFileSync(path, lines.join(''))
    const cursor = (await slicesOf(aReader())).at(-1)?.cursor
    appendFileSync(path, line('new'))
    expect(await rowsOf(aReader(cursor))).toEqual(['new'])
  })

  test('leaves out what was written in the meantime, too, but not what was read', async () => {
    writeFileSync(path, line('old'))
    const cursor = (await slicesOf(aReader())).at(-1)?.cursor
    appendFileSync(path, lines.join(''))
    const [opening] = await slicesOf(aReader(cursor))
    expect(opening?.leftOut).toMatchObject({ offset: line('old').length, firstPrompt: null })
  })

  test('is not read on where another file has taken its place', async () => {
    writeFileSync(path, lines.join(''))
    const leftOut = (await slicesOf(aReader()))[0]?.leftOut
    writeFileSync(path, line('another'))
    expect(leftOut && (await Array.fromAsync(readLeftOut(path, 's', leftOut)))).toEqual([])
  })
})
