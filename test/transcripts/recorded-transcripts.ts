/** Transcripts that real Claude CLIs (2.1.197 and, where named v329, 2.1.329) wrote; long texts that nobody reads are cut. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { JsonObject } from '../../src/lib/json.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { EntryReader } from '../../src/transcripts/entry-reader.ts'
import { LineSplitter } from '../../src/transcripts/line-splitter.ts'

const folder = join(import.meta.dir, '../recordings/claude/transcripts')

export const transcripts: readonly string[] = readdirSync(folder)
  .map((name) => basename(name, '.jsonl'))
  .sort()

export function recordedTranscript(name: string): Buffer {
  return readFileSync(join(folder, `${name}.jsonl`))
}

export function recordedEntries(name: string): readonly JsonObject[] {
  return recordedTranscript(name)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): JsonObject => JSON.parse(line))
}

/** What a transcript means to the session `s`, watched while it was written or read afterwards. */
export function meaningOf(bytes: Uint8Array, live: boolean, model: string | null = null): readonly SessionEvent[] {
  const lines = new LineSplitter(0, bytes.length).push(bytes)
  const liveFrom = live ? 0 : bytes.length
  const reader = new EntryReader({ sessionId: 's', liveFrom })
  return [...reader.read(lines, model, true).events, ...reader.release()]
}

/** What single entries mean. */
export function meaningOfEntries(entries: readonly object[], live = true, model: string | null = null) {
  return meaningOf(Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')), live, model)
}
