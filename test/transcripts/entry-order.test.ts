import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { SessionEvent } from '../../src/session/events.ts'
import { EntryOrder } from '../../src/transcripts/entry-order.ts'
import { EntryReader } from '../../src/transcripts/entry-reader.ts'
import { KNOWN_ENTRIES_MAX, WAITING_BYTES_MAX, WAITING_ENTRIES_MAX } from '../../src/transcripts/limits.ts'
import { LineSplitter } from '../../src/transcripts/line-splitter.ts'
import { meaningOfEntries, recordedEntries, transcripts } from './recorded-transcripts.ts'

/** Entries after `parentUuid`, each of which follows the one before. */
const chain = (...uuids: string[]) => uuids.map((uuid, index) => ({ uuid, parentUuid: uuids[index - 1] ?? null }))
const uuidsOf = (placed: readonly { readonly entry: unknown }[]) =>
  placed.map(({ entry }) => (entry as { readonly uuid: string }).uuid)
const rowsOf = (events: readonly SessionEvent[]) =>
  events.flatMap((event) => (event.type === 'message_reported' ? event.message.id : []))

/** The uuids that come out with each entry, and then those that were left. */
function orderOf(entries: readonly object[], offset = 0): readonly (readonly string[])[] {
  const order = new EntryOrder(offset)
  const added = entries.map((entry, index) => uuidsOf(order.add({ entry, offset: offset + index })))
  return [...added, uuidsOf(order.release())]
}

describe('an entry', () => {
  const [a = {}, b = {}, c = {}, d = {}] = chain('a', 'b', 'c', 'd')

  test('comes after the one that it follows, and so on', () => {
    expect(orderOf([c, d, b, a])).toEqual([[], [], [], ['a', 'b', 'c', 'd'], []])
  })

  test('that follows none does not wait', () => {
    expect(orderOf([{ type: 'mode', uuid: 'm' }, a, b])).toEqual([['m'], ['a'], ['b'], []])
  })

  test('after a compaction follows what was said before it', () => {
    const boundary = { uuid: 'b', parentUuid: null, logicalParentUuid: 'a' }
    expect(orderOf([boundary, a])).toEqual([[], ['a', 'b'], []])
  })

  test('that follows one from before the beginning does not wait, but those after it do', () => {
    expect(orderOf([c, d], 100)).toEqual([['c'], ['d'], []])
    expect(orderOf([b, d, c], 100)).toEqual([['b'], [], ['c', 'd'], []])
  })

  test('that comes again, as after a compaction, has had its turn', () => {
    expect(orderOf([a, b, { uuid: 'c', parentUuid: null }, { ...b, parentUuid: 'c' }])).toEqual([
      ['a'],
      ['b'],
      ['c'],
      [],
      [],
    ])
  })

  test('may follow one that could not be read', () => {
    const order = new EntryOrder(0)
    order.add({ entry: a, offset: 0 })
    order.skip()
    expect(uuidsOf(order.add({ entry: c, offset: 2 }))).toEqual(['c'])
  })

  test('is let go with the others when what it follows does not come', () => {
    expect(orderOf([c, d])).toEqual([[], [], ['c', 'd']])
    const many = Array.from({ length: WAITING_ENTRIES_MAX + 1 }, (_, index) => ({ uuid: `${index}`, parentUuid: 'x' }))
    expect(orderOf(many).map(({ length }) => length)).toEqual([...many.slice(1).map(() => 0), many.length, 0])
  })

  test('is let go when too much of the file waits with it', () => {
    const order = new EntryOrder(0)
    expect(order.add({ entry: c, offset: 0 })).toEqual([])
    expect(uuidsOf(order.add({ entry: d, offset: WAITING_BYTES_MAX + 1 }))).toEqual(['c', 'd'])
  })

  test('that waits holds back the place from which a restart reads on', () => {
    const order = new EntryOrder(0)
    expect(order.waitingFrom).toBeNull()
    order.add({ entry: c, offset: 30 })
    order.add({ entry: b, offset: 40 })
    expect(order.waitingFrom).toBe(30)
    order.add({ entry: a, offset: 50 })
    expect(order.waitingFrom).toBeNull()
  })

  test('of long ago is forgotten, and those that follow it come a little later', () => {
    const long = chain(...Array.from({ length: KNOWN_ENTRIES_MAX + 1 }, (_, index) => `${index}`))
    expect(orderOf([...long, { uuid: 'new', parentUuid: '0' }]).slice(-2)).toEqual([[], ['new']])
  })
})

test('claude 2.1.197 writes the answer before the prompt; the rows are in order', () => {
  const text = (role: string, words: string) => ({ message: { role, content: [{ type: 'text', text: words }] } })
  const events = meaningOfEntries([
    { type: 'permission-mode', permissionMode: 'default' },
    { type: 'assistant', uuid: 'a1', parentUuid: 'x2', ...text('assistant', 'I will look.') },
    { type: 'assistant', uuid: 'a2', parentUuid: 'a1', ...text('assistant', 'Done.') },
    { type: 'system', subtype: 'turn_duration', uuid: 's1', parentUuid: 'a2' },
    { type: 'user', uuid: 'u1', parentUuid: null, ...text('user', 'Look') },
    { type: 'attachment', uuid: 'x1', parentUuid: 'u1', attachment: { type: 'skill_listing' } },
    { type: 'attachment', uuid: 'x2', parentUuid: 'x1', attachment: { type: 'skill_listing' } },
  ])
  expect(rowsOf(events)).toEqual(['s:u1', 's:a1', 's:a2'])
})

describe('a transcript whose lines changed places with their neighbours', () => {
  // The examples follow nothing; in direct-compact two rows follow the same entry, so that either may come first.
  const chained = transcripts.filter((name) => !name.startsWith('entry-examples') && name !== 'direct-compact')

  test.each(chained)('%s has its rows in the same order', (name) => {
    const entries = recordedEntries(name)
    const inOrder = rowsOf(meaningOfEntries(entries))
    const shifts = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: entries.length, maxLength: entries.length })
    const property = fc.property(shifts, (by) => {
      const places = entries.map((entry, index) => ({ entry, place: index + (by[index] ?? 0) }))
      const moved = places.toSorted((one, other) => one.place - other.place).map(({ entry }) => entry)
      expect(rowsOf(meaningOfEntries(moved))).toEqual(inOrder)
    })
    fc.assert(property, { numRuns: 20 })
  })

  test('and is read in pieces has its rows in the same order', () => {
    const [first = {}, ...rest] = recordedEntries('i-plain').filter(({ uuid }) => typeof uuid === 'string')
    const bytes = Buffer.from([...rest, first].map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    const reader = new EntryReader({ sessionId: 's', liveFrom: 0 })
    const splitter = new LineSplitter(0, bytes.length)
    const events = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, index) =>
      reader.read(splitter.push(bytes.subarray(index * 100, index * 100 + 100)), null, true),
    ).flatMap((read) => read.events)
    expect(rowsOf(events)).toEqual(rowsOf(meaningOfEntries([first, ...rest])))
    expect(reader.waitingFrom).toBeNull()
  })
})
