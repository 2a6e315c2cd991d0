import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { patchText, unifiedDiff } from '../../src/lib/unified-diff.ts'

/** Few different lines, so that passages have much in common. */
const someLines = fc.array(fc.constantFrom('a', 'b', 'c', '', ' x', '-y', '+z'), { maxLength: 40 })

/** Carries out a diff, block by block, checking every line that it expects to find. */
function apply(before: readonly string[], diff: string): readonly string[] {
  const after: string[] = []
  let at = 0
  for (const line of diff.split('\n').slice(2)) {
    const header = /^@@ -(\d+),(\d+) \+\d+,\d+ @@$/.exec(line)
    if (header) {
      const start = Number(header[1]) - (header[2] === '0' ? 0 : 1)
      after.push(...before.slice(at, start))
      at = start
    } else if (line.startsWith('+')) {
      after.push(line.slice(1))
    } else {
      expect(before[at]).toBe(line.slice(1))
      if (line.startsWith(' ')) after.push(line.slice(1))
      at++
    }
  }
  return [...after, ...before.slice(at)]
}

describe('a unified diff', () => {
  test('carried out on the text before gives the text after', () => {
    fc.assert(
      fc.property(someLines, someLines, (before, after) => {
        const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
        const diff = unifiedDiff('f', [{ before: text(before), after: text(after) }])
        expect(diff === null ? before : apply(before, diff)).toEqual(after)
      }),
    )
  })

  test('keeps what is alike, with three lines around each change', () => {
    const before = Array.from({ length: 20 }, (_, at) => `line ${at}`)
    const after = before.with(2, 'second').with(15, 'fifteenth')
    expect(unifiedDiff('f', [{ before: before.join('\n'), after: after.join('\n') }])).toMatchSnapshot()
  })

  test('is null when nothing changes', () => {
    expect(unifiedDiff('f', [{ before: 'a\n', after: 'a' }])).toBeNull()
    expect(unifiedDiff('f', [])).toBeNull()
  })

  test('of huge passages stays cheap: they are replaced whole', () => {
    const before = Array.from({ length: 3000 }, (_, at) => `old ${at}`)
    const after = Array.from({ length: 3000 }, (_, at) => `new ${at}`)
    const diff = unifiedDiff('f', [{ before: before.join('\n'), after: after.join('\n') }]) ?? ''
    expect(apply(before, diff)).toEqual(after)
  })

  test('is written from blocks that somebody else found', () => {
    const hunk = { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-a', '+b'] }
    expect(patchText('/p/f', [hunk])).toBe('--- /p/f\n+++ /p/f\n@@ -1,1 +1,1 @@\n-a\n+b')
  })
})
