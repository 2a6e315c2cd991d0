/** Placeholders and what they turn into. */
import { expect, test } from 'bun:test'
import type { Json } from '../lib/json.ts'
import { fill } from '../lib/template.ts'

const variables = { sid: 'abc', rev: 7, tmp: '/t/a.b' }
/** `at('tmp')` is the placeholder for tmp. */
const at = (name: string) => `$\{${name}}`
const filled = (value: Json): Json => fill(value, variables)

test('fills names inside text', () => {
  expect(filled({ path: `${at('tmp')}/proj`, list: [at('sid')] })).toEqual({ path: '/t/a.b/proj', list: ['abc'] })
})

test('a text that is one placeholder keeps the type of the variable', () => {
  expect(filled({ a: at('rev'), b: at('rev:int'), c: `r${at('rev')}` })).toEqual({ a: 7, b: 7, c: 'r7' })
})

test('repeats letters and base64', () => {
  expect(filled(at('x:3'))).toBe('xxx')
  expect(String(filled(`data:${at('b64:10')}`))).toHaveLength(15)
})

test('protects what goes into a regular expression', () => {
  expect(filled({ $re: `^${at('tmp')}$` })).toEqual({ $re: '^/t/a\\.b$' })
})

test('complains about a variable that nothing has set', () => {
  expect(() => filled(at('nope'))).toThrow('nope')
})
