import { expect, test } from 'bun:test'
import { closest } from '../../src/cli/closest.ts'

const names = ['start', 'status', 'init', 'install-hooks', 'session']

test('a slip of the finger is understood', () => {
  expect(closest('strat', names)).toBe('start')
  expect(closest('statu', names)).toBe('status')
  expect(closest('sesion', names)).toBe('session')
})

test('the beginning of a name is understood', () => {
  expect(closest('install', names)).toBe('install-hooks')
})

test('nothing is guessed from something else', () => {
  expect(closest('banana', names)).toBeUndefined()
  expect(closest('', names)).toBeUndefined()
})
