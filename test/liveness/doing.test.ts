import { describe, expect, test } from 'bun:test'
import { OBSERVATION_GRACE_MS, OBSERVATION_STALE_MS } from '../../src/lib/limits.ts'
import { dueAt, observationOf, together } from '../../src/liveness/doing.ts'
import { recordedRecords } from './recorded-records.ts'

const doingIn = (version: '197' | '329') =>
  Object.fromEntries(
    [...recordedRecords(version)].map(([when, record]) => [when, observationOf(record)?.doing ?? null]),
  )

const HEARD = 1_771_668_000_000
const hooked = (status: 'working' | 'waiting' | 'permission' | 'question' | 'ended') => ({
  status,
  heardAt: HEARD,
  hooked: true,
})

describe('the record of a running Claude', () => {
  test('of 2.1.197 tells what it does', () => {
    expect(doingIn('197')).toEqual({
      starts: null,
      ready: 'waiting',
      prompt: 'working',
      answered: 'waiting',
      'asks for permission': 'permission',
      'refused with Esc': 'waiting',
      'asks a question': 'permission',
      'answered in the terminal': 'working',
      'stream interrupted': 'waiting',
      'shell in the background': 'waiting',
      '/help': null,
      '/clear': 'waiting',
    })
  })

  test('of 2.1.329 tells questions from permissions', () => {
    expect(doingIn('329')).toEqual({
      starts: null,
      ready: 'waiting',
      prompt: 'working',
      'asks for permission': 'permission',
      'refused with Esc': 'waiting',
      'asks a question': 'question',
      'answered in the terminal': 'working',
      'stream interrupted': 'waiting',
      '/help': null,
      '/clear': 'waiting',
      '-p works': 'working',
    })
  })
})

describe('two processes that hold one session', () => {
  test('do together what needs a person most, and the latest of that', () => {
    const [working, waiting] = [{ doing: 'working', at: 10 } as const, { doing: 'waiting', at: 20 } as const]
    expect(together([])).toBeNull()
    expect(together([waiting, working])).toEqual(working)
    expect(together([working, { doing: 'question', at: 1 }, waiting])).toEqual({ doing: 'question', at: 1 })
    expect(together([waiting, { ...waiting, at: 30 }, waiting])).toEqual({ doing: 'waiting', at: 30 })
  })
})

describe('a record that contradicts the hooks', () => {
  test('is believed after a while, since the hook that says the same may be on its way', () => {
    const later = HEARD + 400
    for (const status of ['working', 'permission', 'question'] as const)
      expect(dueAt({ doing: 'waiting', at: later }, hooked(status))).toBe(later + OBSERVATION_GRACE_MS)
    expect(dueAt({ doing: 'permission', at: later }, hooked('working'))).toBe(later + OBSERVATION_GRACE_MS)
    expect(dueAt({ doing: 'working', at: later }, hooked('waiting'))).toBe(later + OBSERVATION_GRACE_MS)
    expect(dueAt({ doing: 'working', at: later }, hooked('permission'))).toBe(later + OBSERVATION_GRACE_MS)
  })

  test('from before the last hook is believed only when no newer one comes', () => {
    const earlier = HEARD - 5_000
    expect(dueAt({ doing: 'waiting', at: earlier }, hooked('working'))).toBe(HEARD + OBSERVATION_STALE_MS)
    expect(dueAt({ doing: 'working', at: earlier }, hooked('waiting'))).toBe(HEARD + OBSERVATION_STALE_MS)
  })

  test('from before a prompt never says that the prompt was answered: nobody may have seen it', () => {
    expect(dueAt({ doing: 'working', at: HEARD - 1 }, hooked('permission'))).toBeNull()
    expect(dueAt({ doing: 'working', at: HEARD - 60_000 }, hooked('question'))).toBeNull()
  })

  test('noted a moment before the last hook arrived still ends the turn', () => {
    expect(dueAt({ doing: 'waiting', at: HEARD - 100 }, hooked('working'))).toBe(HEARD + OBSERVATION_GRACE_MS)
  })

  test('is believed at once where there are no hooks', () => {
    expect(dueAt({ doing: 'working', at: 7 }, { ...hooked('waiting'), hooked: false })).toBe(7)
  })
})

describe('a record that agrees with the hooks', () => {
  test('changes nothing', () => {
    expect(dueAt({ doing: 'working', at: HEARD + 1 }, hooked('working'))).toBeNull()
    expect(dueAt({ doing: 'waiting', at: HEARD + 1 }, hooked('waiting'))).toBeNull()
  })

  test('knows no better for what a session waits', () => {
    expect(dueAt({ doing: 'permission', at: HEARD + 1 }, hooked('question'))).toBeNull()
    expect(dueAt({ doing: 'question', at: HEARD + 1 }, hooked('permission'))).toBeNull()
  })

  test('says nothing about a session that has ended', () => {
    expect(dueAt({ doing: 'working', at: HEARD + 1 }, hooked('ended'))).toBeNull()
  })
})
