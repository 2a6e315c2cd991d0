import { expect, test } from 'bun:test'
import { shorten } from '../../src/lib/shorten.ts'

test('a text that fits stays as it is', () => {
  expect(shorten('abc', 3)).toBe('abc')
})

test('a longer one ends in an ellipsis within the limit', () => {
  expect(shorten('abcdef', 4)).toBe('abc…')
})

test('no character is cut in half', () => {
  expect(shorten('ab😀cd', 4)).toBe('ab…')
})
