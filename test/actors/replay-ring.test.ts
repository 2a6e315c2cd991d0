import { describe, expect, test } from 'bun:test'
import { ReplayRing } from '../../src/actors/replay-ring.ts'
import { REPLAY_BYTES_MAX, REPLAY_FRAMES_MAX } from '../../src/lib/limits.ts'

const revisions = (ring: ReplayRing, after: number) => ring.after(after)?.map(({ revision }) => revision)

describe('replay ring', () => {
  test('gives the frames after a revision, oldest first', () => {
    const ring = new ReplayRing()
    for (const revision of [11, 12, 13]) ring.push(revision, `frame ${revision}`)
    expect(revisions(ring, 11)).toEqual([12, 13])
    expect(revisions(ring, 10)).toEqual([11, 12, 13])
  })

  test('knows nothing when frames before its oldest were missed, or when there is nothing to give', () => {
    const ring = new ReplayRing()
    expect(ring.after(0)).toBeUndefined()
    for (const revision of [11, 12]) ring.push(revision, '')
    expect(ring.after(9)).toBeUndefined()
    expect(ring.after(12)).toBeUndefined()
    expect(ring.after(99)).toBeUndefined()
  })

  test('forgets the oldest beyond its count', () => {
    const ring = new ReplayRing()
    const last = 3 * REPLAY_FRAMES_MAX
    for (let revision = 1; revision <= last; revision++) ring.push(revision, 'x')
    expect(ring.after(last - REPLAY_FRAMES_MAX - 1)).toBeUndefined()
    expect(revisions(ring, last - REPLAY_FRAMES_MAX)).toHaveLength(REPLAY_FRAMES_MAX)
  })

  test('forgets the oldest beyond its size', () => {
    const ring = new ReplayRing()
    const third = 'x'.repeat(Math.ceil(REPLAY_BYTES_MAX / 3))
    for (let revision = 1; revision <= 4; revision++) ring.push(revision, third)
    expect(ring.after(1)).toBeUndefined()
    expect(revisions(ring, 2)).toEqual([3, 4])
  })
})
