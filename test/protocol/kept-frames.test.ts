import { describe, expect, test } from 'bun:test'
import { accepts, keptFrames, read } from './wire.ts'

describe('samples of the original', () => {
  for (const { side, valid, frame } of keptFrames('samples.jsonl')) {
    test(`${valid ? 'accepts' : 'refuses'} ${JSON.stringify(frame)}`, () => {
      expect(accepts(side, frame)).toBe(valid === true)
    })
  }
})

describe('frames that the original and its clients exchanged', () => {
  const recorded = keptFrames('recorded-frames.jsonl')

  test('are all accepted', () => {
    expect(recorded.filter(({ side, frame }) => !accepts(side, frame))).toEqual([])
  })

  test('are read as the original wrote them', () => {
    for (const { side, frame } of recorded) if (side === 'server') expect(read(side, frame)).toEqual(frame)
  })
})
