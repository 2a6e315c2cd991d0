import { expect, test } from 'bun:test'
import { ERROR_CODES, errorFrame } from '../../src/protocol/errors.ts'
import { accepts } from './wire.ts'

test('an error tells the sentence of its code, or a better one', () => {
  expect(errorFrame('approval_gone', 's-1')).toEqual({
    type: 'error',
    code: 'approval_gone',
    message: ERROR_CODES.approval_gone,
    session_id: 's-1',
  })
  expect(errorFrame('parse_error', null, 'decision is missing').message).toBe('decision is missing')
})

test('an error is a frame of the wire', () => {
  expect(accepts('server', errorFrame('lagged', null))).toBe(true)
})

test('every code has a sentence of its own', () => {
  const sentences = Object.values(ERROR_CODES)
  expect(new Set(sentences).size).toBe(sentences.length)
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/)
})
