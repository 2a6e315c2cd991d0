/** The table that people read. */
import { expect, test } from 'bun:test'
import { atLeast, atMost } from './figure.ts'
import { renderTable, toJson } from './report.ts'

const entries = [
  { server: 'raw', figure: { row: 'ingest', value: 50_000, text: '50,000/s' } },
  { server: 'ours', figure: { row: 'ingest', value: 0.2, text: '0.2', target: atLeast(0.15, 'of raw') } },
  { server: 'ours', figure: { row: 'p99', value: 9, text: '9 ms', target: atMost(8, 'ms') } },
]

test('each number stands beside its target, and says whether it meets it', () => {
  expect(renderTable(entries).split('\n')).toEqual([
    '|        | target        | raw      | ours        |',
    '| ------ | ------------- | -------- | ----------- |',
    '| ingest | ≥ 0.15 of raw | 50,000/s | 0.2 met     |',
    '| p99    | ≤ 8 ms        |          | 9 ms MISSED |',
    '',
  ])
})

test('the same is there as data', () => {
  expect(JSON.parse(toJson(entries))).toContainEqual({
    server: 'ours',
    row: 'p99',
    value: 9,
    text: '9 ms',
    target: '≤ 8 ms',
    met: false,
  })
  expect(JSON.parse(toJson(entries))[0]).toMatchObject({ target: null, met: null })
})
