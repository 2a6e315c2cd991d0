import { expect, test } from 'bun:test'
import { logFormatter } from '../../src/lib/log-format.ts'

const at = Date.UTC(2026, 1, 21, 18, 53, 20, 123)

test('a JSON line carries the fields flat, and names the run', () => {
  const line = logFormatter(
    'json',
    'run-1',
  )({
    at,
    level: 'info',
    event: 'session.registered',
    fields: { component: 'actors', session_id: 's1', message: 'Registered', count: 2, gone: undefined },
  })
  expect(line.endsWith('}\n')).toBe(true)
  expect(JSON.parse(line)).toEqual({
    timestamp: '2026-02-21T18:53:20.123000Z',
    level: 'INFO',
    event: 'session.registered',
    component: 'actors',
    session_id: 's1',
    message: 'Registered',
    count: 2,
    target: 'orbitdock_server::actors',
    span: { name: 'orbitdock_server', service: 'orbitdock-server', run_id: 'run-1' },
  })
})

test('a field cannot pose as the level, the time or the event', () => {
  const fields = { level: 'x', timestamp: 'x', event: 'x', target: 'x', span: 'x' }
  const line = JSON.parse(logFormatter('json', 'r')({ at, level: 'warn', event: 'a.b', fields }))
  expect(line).toMatchObject({ level: 'WARN', event: 'a.b', target: 'orbitdock_server', span: { run_id: 'r' } })
  expect(line.timestamp).toStartWith('2026')
})

test('a record is one line, whatever its fields hold', () => {
  for (const format of ['json', 'pretty'] as const) {
    const line = logFormatter(
      format,
      'r',
    )({ at, level: 'error', event: 'a.b', fields: { error: 'one\ntwo\u001b[2J\u0085' } })
    expect(line.trimEnd()).not.toMatch(/\p{Cc}/u)
  }
})

test('a long field is cut', () => {
  const line = logFormatter('json', 'r')({ at, level: 'error', event: 'a.b', fields: { error: 'x'.repeat(1_000_000) } })
  expect(line.length).toBeLessThan(3_000)
})

test('the pretty form is for reading', () => {
  const fields = {
    component: 'gateway',
    message: 'A socket closed',
    code: 1001,
    reason: 'going away',
    peer: '127.0.0.1',
  }
  expect(logFormatter('pretty', 'r')({ at, level: 'info', event: 'ws.connection.closed', fields })).toBe(
    '2026-02-21T18:53:20.123000Z  INFO gateway: ws.connection.closed "A socket closed" code=1001 reason="going away" peer=127.0.0.1\n',
  )
})
