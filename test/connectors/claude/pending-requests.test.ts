import { expect, test } from 'bun:test'
import { PendingRequests } from '../../../src/connectors/claude/pending-requests.ts'
import { systemTimers } from '../../../src/lib/timers.ts'

const nowhere = () => {}

test('what an older Claude does not know is said in words', async () => {
  const requests = new PendingRequests(systemTimers())
  const asked = [requests.put('get_context_usage', nowhere), requests.put('brew_coffee', nowhere)]
  requests.settle('orbitdock-1', 'Unsupported control request subtype: get_context_usage', {})
  requests.settle('orbitdock-2', 'Unsupported control request subtype: brew_coffee', {})
  const outcomes = await Promise.allSettled(asked)
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.message)).toEqual([
    'This version of Claude Code cannot tell what fills its context; update it.',
    'This version of Claude Code cannot answer "brew_coffee"; update it.',
  ])
})

test('any other refusal is told as Claude words it', async () => {
  const requests = new PendingRequests(systemTimers())
  const asked = requests.put('set_model', nowhere)
  requests.settle('orbitdock-1', 'no such model', {})
  await expect(asked).rejects.toThrow('Claude refused "set_model": no such model')
})

test('a request that nobody answers fails in time, and one whose Claude leaves fails then', async () => {
  const requests = new PendingRequests(systemTimers())
  await expect(requests.put('stop_task', nowhere, 1)).rejects.toThrow('did not answer "stop_task" in time')
  const open = requests.put('stop_task', nowhere)
  requests.fail('Claude Code has left.')
  await expect(open).rejects.toThrow('Claude Code has left.')
})
