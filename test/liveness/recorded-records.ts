/** What real Claude CLIs (2.1.197 and 2.1.329) noted about themselves, moment by moment. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseRecord, type RegistryRecord } from '../../src/liveness/registry-record.ts'

export type Version = '197' | '329'

/** The records by what happened just before. */
export function recordedRecords(version: Version): ReadonlyMap<string, RegistryRecord> {
  return new Map(
    linesOf(version).map(({ when, record }) => {
      const parsed = parseRecord(JSON.stringify(record), '/home/dev/.claude')
      if (parsed === null) throw new Error(`no record: ${when}`)
      return [when, parsed]
    }),
  )
}

/** The text of one record. */
export function recordText(version: Version, when: string, over: Readonly<Record<string, unknown>> = {}): string {
  const line = linesOf(version).find((candidate) => candidate.when === when)
  if (!line) throw new Error(`nothing was recorded for ${when}`)
  return JSON.stringify({ ...line.record, ...over })
}

function linesOf(version: Version): { readonly when: string; readonly record: object }[] {
  const path = join(import.meta.dir, '../recordings/claude/registry', `${version}.jsonl`)
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
