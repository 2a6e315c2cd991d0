import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { jsonBytes, TextTail } from '../../src/lib/text-tail.ts'

const encoded = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2
const anyText = fc.string({ unit: 'binary', maxLength: 300 })

test('the size of a text as JSON is what JSON.stringify makes of it', () => {
  fc.assert(fc.property(anyText, (text) => expect(jsonBytes(text)).toBe(encoded(text))))
  expect(jsonBytes('"\\\b\t\n\f\r\u0000\u001b\u007fé€🦊')).toBe(encoded('"\\\b\t\n\f\r\u0000\u001b\u007fé€🦊'))
})

describe('the tail of a text', () => {
  test('is all of it as long as it fits', () => {
    const tail = new TextTail(10)
    tail.add('one\n')
    tail.add('two')
    expect(tail.newest(8)).toBe('one\ntwo')
  })

  test('says how much is missing before it', () => {
    const tail = new TextTail(1_000)
    tail.add('x'.repeat(150))
    expect(tail.newest(100)).toBe(`[130 characters before this are left out]\n${'x'.repeat(20)}`)
    tail.add('y'.repeat(2_000))
    const note = '[2130 characters before this are left out]\n'
    expect(tail.newest(100)).toBe(`${note}${'y'.repeat(20)}`)
    expect(tail.length).toBe(2_150)
  })

  test('stays within its bounds, breaks no character, and ends as the text does, whatever is added', () => {
    fc.assert(
      fc.property(fc.array(anyText), fc.integer({ min: 100, max: 300 }), (parts, bytesMax) => {
        const tail = new TextTail(200)
        for (const part of parts) tail.add(part)
        const shown = tail.newest(bytesMax)
        expect(encoded(shown)).toBeLessThanOrEqual(bytesMax)
        expect(shown.isWellFormed()).toBe(true)
        const whole = parts.join('')
        const end = shown.replace(/^\[\d+ characters before this are left out\]\n/, '')
        expect(whole.endsWith(end)).toBe(true)
        expect(tail.length).toBe(whole.length)
      }),
    )
  })
})

test('a line begins where the last one has ended', () => {
  const tail = new TextTail(100)
  for (const line of ['one', 'two\n', 'three']) tail.addLine(line)
  expect(tail.newest(100)).toBe('one\ntwo\nthree')
})
