import { expect, test } from 'bun:test'
import { logTarget, parseLogFilter } from '../../src/lib/log-filter.ts'

const gateway = logTarget('gateway')
const store = logTarget('store')

test('a bare level is the least important one that is kept', () => {
  const wants = parseLogFilter('warn')
  expect([wants('error', store), wants('warn', store), wants('info', store)]).toEqual([true, true, false])
})

test('a component has a level of its own, wherever it stands in the list', () => {
  for (const text of ['gateway=debug,info', 'info, gateway = debug', 'INFO,orbitdock_server::gateway=DEBUG']) {
    const wants = parseLogFilter(text)
    expect([text, wants('debug', gateway), wants('debug', store), wants('info', store)]).toEqual([
      text,
      true,
      false,
      true,
    ])
  }
})

test('the name of the program means all components', () => {
  const wants = parseLogFilter('warn,orbitdock_server=debug')
  expect(wants('debug', gateway)).toBe(true)
  expect(wants('debug', logTarget(undefined))).toBe(true)
})

test('a component without a level is kept whole, and off silences it', () => {
  const wants = parseLogFilter('error,gateway,store=off')
  expect(wants('trace', gateway)).toBe(true)
  expect(wants('error', store)).toBe(false)
})

test('a component is not mistaken for one whose name it begins', () => {
  expect(parseLogFilter('off,hook=debug')('error', logTarget('hooks'))).toBe(false)
})

test('directives for other libraries and unreadable ones are passed over', () => {
  const wants = parseLogFilter('info,tower_http=warn,hyper=warn,store=loud,[span{x}]=debug,,=')
  expect([wants('info', store), wants('debug', store)]).toEqual([true, false])
})

test('nothing is kept when nothing is said', () => {
  expect(parseLogFilter('')('error', store)).toBe(false)
})
