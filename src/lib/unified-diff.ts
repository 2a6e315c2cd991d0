/** Differences between texts, line by line, in the unified format. */

/** A passage as it was and as it shall be. */
export interface Passage {
  readonly before: string
  readonly after: string
}

/** One block of a unified diff; lines carry their sign. */
export interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly string[]
}

/** Lines around a change that are shown with it. */
const CONTEXT_LINES = 3
/** Cells of the table that finds the shortest difference; larger passages are shown as removed and added whole. */
const TABLE_CELLS_MAX = 250_000

/** The diff of passages of one file, null when nothing changes. A passage without a before makes the file new. */
export function unifiedDiff(path: string, passages: readonly Passage[]): string | null {
  const hunks = passages.flatMap(({ before, after }) => hunksOf(diffLines(linesOf(before), linesOf(after))))
  if (hunks.length === 0) return null
  const isNew = passages.every(({ before }) => before === '')
  return patchText(path, hunks, isNew)
}

/** The text of a patch from its blocks. */
export function patchText(path: string, hunks: readonly Hunk[], isNew = false): string {
  const lines = hunks.flatMap((hunk) => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines,
  ])
  return [`--- ${isNew ? '/dev/null' : path}`, `+++ ${path}`, ...lines].join('\n')
}

type Edit = readonly [sign: ' ' | '-' | '+', line: string]

function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** What is alike at both ends stays; only the middle is compared. */
function diffLines(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head++
  let tail = 0
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const kept = (lines: readonly string[]) => lines.map((line): Edit => [' ', line])
  return [
    ...kept(before.slice(0, head)),
    ...diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...kept(before.slice(before.length - tail)),
  ]
}

/** Longest common subsequence; the table holds its length for every pair of rests. */
function diffMiddle(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const width = after.length + 1
  const cells = (before.length + 1) * width
  const table = cells <= TABLE_CELLS_MAX ? commonLengths(before, after) : new Uint32Array(0)
  const length = (old: number, now: number) => table[old * width + now] ?? 0
  const edits: Edit[] = []
  let old = 0
  let now = 0
  while (old < before.length && now < after.length) {
    const line = before[old] ?? ''
    if (line === after[now] && table.length > 0) {
      edits.push([' ', line])
      old++
      now++
    } else if (table.length === 0 || length(old + 1, now) >= length(old, now + 1)) {
      edits.push(['-', line])
      old++
    } else {
      edits.push(['+', after[now] ?? ''])
      now++
    }
  }
  for (const line of before.slice(old)) edits.push(['-', line])
  for (const line of after.slice(now)) edits.push(['+', line])
  return edits
}

function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1
  const table = new Uint32Array((before.length + 1) * width)
  for (let old = before.length - 1; old >= 0; old--) {
    for (let now = after.length - 1; now >= 0; now--) {
      const below = table[(old + 1) * width + now] ?? 0
      const beside = table[old * width + now + 1] ?? 0
      const across = table[(old + 1) * width + now + 1] ?? 0
      table[old * width + now] = before[old] === after[now] ? across + 1 : Math.max(below, beside)
    }
  }
  return table
}

/** Changes with their context; changes whose contexts touch share a block. */
function hunksOf(edits: readonly Edit[]): readonly Hunk[] {
  const changed = edits.flatMap(([sign], at) => (sign === ' ' ? [] : at))
  const spans: { from: number; to: number }[] = []
  for (const at of changed) {
    const last = spans.at(-1)
    const to = Math.min(at + CONTEXT_LINES + 1, edits.length)
    if (last && at - CONTEXT_LINES <= last.to) last.to = to
    else spans.push({ from: Math.max(at - CONTEXT_LINES, 0), to })
  }
  return spans.map(({ from, to }) => hunkOf(edits, from, to))
}

function hunkOf(edits: readonly Edit[], from: number, to: number): Hunk {
  const count = (part: readonly Edit[], other: '-' | '+') => part.filter(([sign]) => sign !== other).length
  const before = edits.slice(0, from)
  const part = edits.slice(from, to)
  const oldLines = count(part, '+')
  const newLines = count(part, '-')
  return {
    oldStart: count(before, '+') + (oldLines > 0 ? 1 : 0),
    oldLines,
    newStart: count(before, '-') + (newLines > 0 ? 1 : 0),
    newLines,
    lines: part.map(([sign, line]) => sign + line),
  }
}
