import { expect, test } from 'bun:test'
import { cell, clean, cleanLines, fit, jsonLine } from '../../src/cli/terminal-text.ts'

test('nothing of what an agent writes is obeyed by the terminal', () => {
  const hostile = 'a\u001b[2Jb\u001b]0;title\u0007c\u009b31md\u0008e\u202ef\u2066g\r\nh'
  const shown = clean(hostile)
  expect(shown).not.toMatch(/[\p{Cc}\u202e\u2066]/u)
  expect(shown).toContain('h')
})

test('line breaks are kept where there is room for them', () => {
  expect(cleanLines('one\r\n\ttwo\u0007  \nthree')).toEqual(['one', '    two', 'three'])
})

test('what joins emoji and letters stays', () => {
  expect(clean('👩‍💻 नमस्ते')).toBe('👩‍💻 नमस्ते')
})

test('text is cut by what it takes on the screen, never inside a character', () => {
  expect(fit('日本語', 6)).toBe('日本語')
  expect(fit('日本語', 5)).toBe('日本…')
  expect(fit('日本語', 4)).toBe('日…')
  expect(fit('a👩‍💻b', 3)).toBe('a…')
  expect(fit('abc', 0)).toBe('')
})

test('a cell is exactly as wide as its column', () => {
  for (const text of ['', 'ab', '日本語', 'a long text', '👩‍💻👩‍💻👩‍💻👩‍💻'])
    expect(Bun.stringWidth(cell(text, 7))).toBe(7)
})

test('JSON on a terminal is harmless and still the same JSON', () => {
  const value = { text: 'a\u009b31m\u001b[0m\u007f\n' }
  expect(jsonLine(value)).not.toMatch(/\p{Cc}/u)
  expect(JSON.parse(jsonLine(value))).toEqual(value)
})
