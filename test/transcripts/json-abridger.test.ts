import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { JsonAbridger } from '../../src/transcripts/json-abridger.ts'
import { LONG_STRING_BYTES_MAX } from '../../src/transcripts/limits.ts'

function abridged(json: string, chunkBytes: number): unknown {
  const abridger = new JsonAbridger()
  const bytes = Buffer.from(json)
  const kept: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) kept.push(abridger.push(bytes.subarray(at, at + chunkBytes)))
  return JSON.parse(Buffer.concat(kept).toString())
}

const sizes = fc.constantFrom(1_000, 4_096, 10_007, 1_000_000)
/** Strings around the limit, full of what must not be cut through. */
const text = fc
  .tuple(fc.constantFrom('a', '"', '\\', '\n', 'é', '漢', '😀', '\u0001', 'a"\\😀'), fc.nat({ max: 12 }))
  .map(([part, few]) => part.repeat(LONG_STRING_BYTES_MAX / 8 + few))
const json = fc.record({ short: fc.string(), text, list: fc.array(text, { maxLength: 3 }), after: fc.string() })

test('JSON stays JSON, however it is cut into chunks, and short strings stay what they are', () => {
  fc.assert(
    fc.property(json, sizes, (value, chunkBytes) => {
      const long = { ...value, text: `${value.text.repeat(8)}x` }
      const result = abridged(JSON.stringify(long), chunkBytes) as typeof long
      expect([result.short, result.after]).toEqual([value.short, value.after])
      for (const cut of [result.text, ...result.list]) {
        expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThanOrEqual(LONG_STRING_BYTES_MAX + 16)
      }
      expect(result.text.endsWith('…')).toBe(true)
      expect(long.text.startsWith(result.text.slice(0, -1))).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('strings as long as allowed are whole', () => {
  const whole = 'x'.repeat(LONG_STRING_BYTES_MAX)
  expect(abridged(JSON.stringify({ whole }), 1_000)).toEqual({ whole })
})
