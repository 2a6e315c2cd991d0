import { expect, test } from 'bun:test'
import { summaryOf } from '../../src/session/view.ts'
import { report } from '../session/history.ts'
import { aSession } from '../support/builders.ts'
import { meaningOf, meaningOfEntries, recordedTranscript } from './recorded-transcripts.ts'

const costOf = (...names: readonly string[]) =>
  summaryOf(report(aSession(), ...names.flatMap((name) => meaningOf(recordedTranscript(name), false))).state).cost_usd

test('the cost of a session is what 2.1.329 has noted in its transcript, subagents included', () => {
  expect(costOf('v329-p-plain')).toBe(0.003125)
  expect(costOf('v329-p-agent')).toBe(0.015064)
})

test('a transcript that is told once more counts nothing twice', () => {
  expect(costOf('v329-p-bash', 'v329-p-bash')).toBe(costOf('v329-p-bash'))
})

test('a fork begins with the cost of the conversation that it was made from, as the CLI counts', () => {
  expect(costOf('v329-p-bash')).toBe(0.00611)
  expect(costOf('v329-i-fork')).toBe(0.009234)
})

test('what 2.1.197 costs in a terminal is not known', () => {
  expect(costOf('p-agent')).toBeUndefined()
})

test('a line without an amount says nothing', () => {
  for (const totalCostUSD of [undefined, null, 'much', -1]) {
    expect(meaningOfEntries([{ type: 'cost-state', sessionId: 's', totalCostUSD }])).toEqual([])
  }
})
