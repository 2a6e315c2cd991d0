/** What real Claude CLIs (2.1.197 and, where named v329, 2.1.329) said in stream-json mode, recording by recording. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const folder = join(import.meta.dir, '../../recordings/claude/direct')

export const recordings: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => basename(name, '.jsonl'))
  .sort()

export interface RecordedLine {
  /** Milliseconds since the start. */
  readonly at: number
  /** Into the CLI, or out of it. */
  readonly direction: 'in' | 'out'
  /** As it was on the wire, without the line feed. */
  readonly text: string
}

/** Both directions, in order; what went to other streams is left out. */
export function recordedLines(recording: string): readonly RecordedLine[] {
  const lines = readFileSync(join(folder, `${recording}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.flatMap((line) => {
    const { t, dir, msg } = JSON.parse(line)
    return dir === 'in' || dir === 'out' ? [{ at: t, direction: dir, text: JSON.stringify(msg) }] : []
  })
}
