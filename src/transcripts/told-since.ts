/** Reads the end of a transcript once: what it tells from a prompt on, and where it ends. */
import { isJsonObject, objectAt, parseJson, textAt } from '../lib/json.ts'
import type { SessionEvent } from '../session/events.ts'
import { EntryReader } from './entry-reader.ts'
import { identityOf, readHead } from './file-identity.ts'
import { TOLD_SINCE_BYTES_MAX, TRANSCRIPT_LINE_BYTES_MAX } from './limits.ts'
import { type Line, LineSplitter } from './line-splitter.ts'
import { linesToEnd, openTranscript } from './transcript-file.ts'
import type { TranscriptCursor } from './transcript-reader.ts'

export interface ToldSince {
  /** Nothing when the prompt is not in the part that is read. */
  readonly events: readonly SessionEvent[]
  /** The end of the file: from here on a reader finds what is new. */
  readonly cursor: TranscriptCursor
}

/**
 * What the last `TOLD_SINCE_BYTES_MAX` bytes tell from the entry with this uuid on; null asks only for the end. Null when there
 * is no such file. `path` is one that `allowedPath` returned. `model`: the session's, as far as it is known.
 */
export async function toldSince(
  path: string,
  { sessionId, uuid, model }: { sessionId: string; uuid: string | null; model: string | null },
): Promise<ToldSince | null> {
  const file = await openTranscript(path)
  if (file === null) return null
  try {
    const { size } = await file.stat()
    const identity = identityOf(await readHead(file))
    const from = uuid === null ? size : Math.max(0, size - TOLD_SINCE_BYTES_MAX)
    const splitter = new LineSplitter(from, TRANSCRIPT_LINE_BYTES_MAX)
    const lines: Line[] = []
    let isBehind = false
    for await (const piece of linesToEnd(file, splitter)) {
      for (const line of piece.lines) {
        isBehind ||= uuid !== null && isEntry(line.text ?? '', uuid)
        if (isBehind) lines.push(line)
      }
    }
    const entries = new EntryReader({ sessionId, from: lines[0]?.offset ?? from, liveFrom: Number.POSITIVE_INFINITY })
    const { events } = entries.read(lines, model, true)
    return { events: [...events, ...entries.release()], cursor: { offset: splitter.offset, identity } }
  } finally {
    await file.close()
  }
}

/** Whether a line is the entry with this uuid; a prompt that steered stands under the uuid that it was sent with. */
function isEntry(text: string, uuid: string): boolean {
  const entry = text.includes(uuid) ? parseJson(text) : undefined
  if (!isJsonObject(entry)) return false
  return uuid === (textAt(objectAt(entry, 'attachment'), 'source_uuid') ?? textAt(entry, 'uuid'))
}
