import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { appendFileSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionEvent } from '../../src/session/events.ts'
import { TRANSCRIPT_LINE_BYTES_MAX, TRANSCRIPT_READ_BYTES } from '../../src/transcripts/limits.ts'
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
  return (await eventsOf(reader)).flatMap((event) => (event.type === 'message_reported' ? event.message.content : []))
}

function line(text: string): string {
  return `${JSON.stringify({ type: 'user', uuid: text, message: { content: text } })}\n`
}

const interrupted = line('[Request interrupted by user]')

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
    writeFileSync(path, interrupted)
    const reader = aReader()
    expect(await aborts(reader)).toBe(0)
    appendFileSync(path, interrupted)
    expect(await aborts(reader)).toBe(1)
  })

  test('is all of a file that appeared while somebody watched', async () => {
    const reader = aReader()
    await slicesOf(reader)
    writeFileSync(path, interrupted)
    expect(await aborts(reader)).toBe(1)
  })

  test('is what was missed since the cursor, unless the conversation went on', async () => {
    writeFileSync(path, line('one'))
    const [slice] = await slicesOf(aReader())
    appendFileSync(path, interrupted)
    expect(await aborts(aReader(slice?.cursor))).toBe(1)
    appendFileSync(path, line('two'))
    expect(await aborts(aReader(slice?.cursor))).toBe(0)
  })

  test('is the end of the file, not that of a slice', async () => {
    const reader = aReader()
    await slicesOf(reader)
    const filling = line('x'.repeat(TRANSCRIPT_READ_BYTES - interrupted.length - line('').length))
    writeFileSync(path, interrupted + filling.repeat(2))
    expect(await aborts(reader)).toBe(0)
  })
})

describe('reading is bounded', () => {
  test('by slices whose cursors go on one from the other', async () => {
    const text = line('x'.repeat(1_000))
    writeFileSync(path, text.repeat(1_000))
    const slices = await slicesOf(aReader())
    expect(slices.length).toBeGreaterThanOrEqual((text.length * 1_000) / TRANSCRIPT_READ_BYTES)
    for (const { events } of slices) expect(events.length).toBeLessThanOrEqual(TRANSCRIPT_READ_BYTES / text.length + 1)
    const [first] = slices
    expect(await rowsOf(aReader(first?.cursor))).toHaveLength(1_000 - (first?.events.length ?? 0))
  })

  test('by the length of a line: one that is too long is skipped, and so is one that is no JSON', async () => {
    writeFileSync(path, line('one'))
    for (let bytes = 0; bytes <= TRANSCRIPT_LINE_BYTES_MAX; bytes += 1024 * 1024)
      appendFileSync(path, 'x'.repeat(1024 * 1024))
    appendFileSync(path, `\n{"type":\n${line('two')}`)
    const slices = await slicesOf(aReader())
    expect(slices.flatMap(({ events }) => events)).toHaveLength(2)
    expect(slices.reduce((sum, { skippedLines }) => sum + skippedLines, 0)).toBe(2)
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
