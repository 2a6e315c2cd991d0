/** What patterns accept, and how they complain. */
import { describe, expect, test } from 'bun:test'
import type { Json } from '../lib/json.ts'
import { compare, matches, mismatch } from '../lib/matcher.ts'

/** Pattern, a value that matches, a value that does not. */
const cases: [string, Json, Json | undefined, Json | undefined][] = [
  ['an object checks only the keys it names', { a: 1 }, { a: 1, b: 2 }, { a: 2 }],
  ['an empty object wants an object', {}, { a: 1 }, [1]],
  ['a plain array has the same length', [1, 2], [1, 2], [1, 2, 3]],
  ['array elements match partially', [{ a: 1 }], [{ a: 1, b: 2 }], [{ b: 2 }]],
  ['scalars are equal', 'x', 'x', 'y'],
  ['null is only null', null, null, undefined],
  ['$any', { a: { $any: true } }, { a: false }, { b: 1 }],
  ['$absent', { a: { $absent: true } }, {}, { a: null }],
  ['$null_or_absent', { a: { $null_or_absent: true } }, { a: null }, { a: 0 }],
  ['$type integer', { $type: 'integer' }, 3, 3.5],
  ['$type number', { $type: 'number' }, 3, '3'],
  ['$type array', { $type: 'array' }, [], {}],
  ['$re', { $re: '^a+$' }, 'aaa', 'b'],
  ['$in with patterns', { $in: ['a', { b: 1 }] }, { b: 1, c: 2 }, 'c'],
  ['$or', { $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, { c: 1 }],
  ['$ne', { $ne: 'a' }, 'b', 'a'],
  ['$gt', { $gt: 1 }, 2, 1],
  ['$gte', { $gte: '1' }, 1, 0],
  ['$lt', { $lt: 5 }, 4, '4'],
  ['$lte', { $lte: 5 }, 5, 6],
  ['$len', { $len: 2 }, [1, 2], [1]],
  ['$len with a comparison', { $len: { $lte: 2 } }, [1], [1, 2, 3]],
  ['$last', { $last: { a: 1 } }, [{ a: 0 }, { a: 1 }], [{ a: 1 }, { a: 0 }]],
  ['$json', { $json: [{ step: 'a' }] }, '[{"step":"a","status":"x"}]', 'not json'],
  ['$contains in order', { $contains: [1, 3] }, [1, 2, 3], [3, 1]],
  ['$some_match', { $some_match: { id: 1 } }, [{ id: 2 }, { id: 1 }], []],
  ['$none_match', { $none_match: { id: 1 } }, [{ id: 2 }], [{ id: 1 }]],
  ['$none_match wants a list', { $none_match: { id: 1 } }, [], undefined],
  [
    '$some_entry',
    { $some_entry: { key: { $re: '__t$' }, value: { name: 't' } } },
    { s__t: { name: 't' } },
    { s__u: { name: 't' } },
  ],
  ['$count', { $count: { like: { a: 1 }, is: 1 } }, [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 1 }]],
  ['$unique_by', { $unique_by: 'id' }, [{ id: 1 }, { id: 2 }], [{ id: 1 }, { id: 1 }]],
  ['$sorted_desc_by', { $sorted_desc_by: 'id' }, [{ id: 2 }, { id: 1 }], [{ id: 1 }, { id: 2 }]],
  ['$or_contains_text', { $or_contains_text: 'yes' }, { a: { b: 'oh yes' } }, { a: 'no' }],
  [
    'operators stand beside keys',
    { kind: 'x', $or_contains_text: 'yes' },
    { kind: 'x', t: 'yes' },
    { kind: 'y', t: 'yes' },
  ],
  ['two operators both hold', { $len: 1, $unique_by: 'id' }, [{ id: 1 }], [{ id: 1 }, { id: 2 }]],
]

describe('matcher', () => {
  test.each(cases)('%s', (_, pattern, good, bad) => {
    expect(mismatch(pattern, good)).toBeUndefined()
    expect(matches(pattern, bad)).toBe(false)
  })

  test('says where and what', () => {
    const miss = mismatch({ session: { id: 'a', list: [{ n: 1 }] } }, { session: { id: 'a', list: [{ n: 2 }] } })
    expect(miss).toEqual({ path: '$.session.list[0].n', want: '1', got: '2' })
  })

  test('counts what held, so that the nearest value can be found', () => {
    const pattern = { type: 'a', x: 1, y: 2 }
    expect(compare(pattern, { type: 'a', x: 1, y: 0 }).hits).toBeGreaterThan(compare(pattern, { type: 'b' }).hits)
  })

  test('refuses an operator it does not know', () => {
    expect(() => matches({ $nope: 1 }, 1)).toThrow('$nope')
  })
})
