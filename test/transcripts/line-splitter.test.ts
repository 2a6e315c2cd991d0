import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { EntryReader } from '../../src/transcripts/entry-reader.ts'
import { LineSplitter } from '../../src/transcripts/line-splitter.ts'
import { meaningOf, recordedTranscript } from './recorded-transcripts.ts'

const many = 1_000

function pushAll(splitter: LineSplitter, bytes: Uint8Array, chunkBytes: number) {
  const lines = []
  for (let at = 0; at < bytes.length; at += chunkBytes)
    lines.push(...splitter.push(bytes.subarray(at, at + chunkBytes)))
  return lines
}

describe('bytes', () => {
  test('become the same lines however they are cut, characters included', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.integer({ min: 1, max: 9 }), (texts, chunkBytes) => {
        const given = texts.map((text) =>
          text
            .replaceAll('\n', ' ')
            .toWellFormed()
            .replace(/^\uFEFF/, ''),
        )
        const bytes = Buffer.from(given.map((text) => `${text}\n`).join(''))
        const lines = pushAll(new LineSplitter(0, many), bytes, chunkBytes)
        expect(lines.map(({ text }) => text)).toEqual(given)
        for (const { text, offset } of lines)
          expect(
            bytes
              .subarray(offset)
              .toString()
              .startsWith(text ?? ''),
          ).toBe(true)
      }),
    )
  })

  test('after the last line feed wait for the rest', () => {
    const splitter = new LineSplitter(100, many)
    expect(splitter.push(Buffer.from('one\ntw'))).toEqual([{ text: 'one', offset: 100 }])
    expect([splitter.offset, splitter.position]).toEqual([104, 106])
    expect(splitter.push(Buffer.from('o\n'))).toEqual([{ text: 'two', offset: 104 }])
    expect([splitter.offset, splitter.position]).toEqual([108, 108])
  })

  test('of a chunk that is used again stay what they were', () => {
    const splitter = new LineSplitter(0, many)
    const chunk = Buffer.from('on')
    splitter.push(chunk)
    chunk.fill('x')
    expect(splitter.push(Buffer.from('e\n'))).toEqual([{ text: 'one', offset: 0 }])
  })

  test.each([1, 4, 100])('of a line that is too long are counted and dropped, in chunks of %d', (chunkBytes) => {
    const splitter = new LineSplitter(0, 5)
    const lines = pushAll(splitter, Buffer.from('12345\n123456\n\nlong again\nend\n'), chunkBytes)
    expect(lines).toEqual([
      { text: '12345', offset: 0 },
      { text: null, offset: 6 },
      { text: '', offset: 13 },
      { text: null, offset: 14 },
      { text: 'end', offset: 25 },
    ])
  })
})

test('a transcript cut at every hundredth byte means the same', () => {
  const bytes = recordedTranscript('i-misc')
  const whole = meaningOf(bytes, true)
  for (let cut = 0; cut < bytes.length; cut += 100) {
    const splitter = new LineSplitter(0, bytes.length)
    const reader = new EntryReader({ sessionId: 's', liveFrom: 0 })
    const lines = [...splitter.push(bytes.subarray(0, cut)), ...splitter.push(bytes.subarray(cut))]
    expect(reader.read(lines, null, true).events).toEqual(whole)
  }
})
