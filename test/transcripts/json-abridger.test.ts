import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { JsonAbridger } from '../../src/transcripts/json-abridger.ts'

const BYTES_MAX = 16
/** Of the rest of an escape sequence or a character that may follow the last byte allowed. */
const REST_BYTES = 5
const MARK = '…'

function abridged(json: string, chunkBytes: number): unknown {
  const abridger = new JsonAbridger(BYTES_MAX)
  const bytes = Buffer.from(json)
  const kept: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) kept.push(abridger.push(bytes.subarray(at, at + chunkBytes)))
  return JSON.parse(Buffer.concat(kept).toString())
}

/** Bytes of a string as JSON, without its quotes. */
const lengthOf = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2
/** Full of what must not be cut through. */
const text = fc
  .array(fc.constantFrom('a', '"', '\\', '\n', 'é', '漢', '😀', '\u0001', '{', ','), { maxLength: 30 })
  .map((parts) => parts.join(''))
const json = fc.record({ first: text, list: fc.array(fc.oneof(text, fc.integer()), { maxLength: 4 }), last: text })

test('JSON stays JSON, however it comes in chunks: short strings are what they were, long ones end in a mark', () => {
  fc.assert(
    fc.property(json, fc.integer({ min: 1, max: 40 }), (given, chunkBytes) => {
      const result = abridged(JSON.stringify(given), chunkBytes) as typeof given
      expect(result.list).toHaveLength(given.list.length)
      for (const [index, before] of [given.first, ...given.list, given.last].entries()) {
        const after = [result.first, ...result.list, result.last][index]
        if (typeof before === 'number' || typeof after !== 'string') expect(after).toBe(before)
        else if (lengthOf(before) <= BYTES_MAX) expect(after).toBe(before)
        else if (after !== before) {
          expect(after.endsWith(MARK)).toBe(true)
          expect(before.startsWith(after.slice(0, -1))).toBe(true)
          expect(lengthOf(after.slice(0, -1))).toBeGreaterThanOrEqual(BYTES_MAX)
          expect(lengthOf(after.slice(0, -1))).toBeLessThanOrEqual(BYTES_MAX + REST_BYTES)
        } else expect(lengthOf(before)).toBeLessThanOrEqual(BYTES_MAX + REST_BYTES)
      }
    }),
    { numRuns: 500 },
  )
})
