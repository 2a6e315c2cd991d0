/** Reads the part of a transcript that was left out when its newest part was read. */
import type { SessionEvent } from '../session/events.ts'
import { EntryReader } from './entry-reader.ts'
import { hadIdentity, readHead } from './file-identity.ts'
import { TRANSCRIPT_LINE_BYTES_MAX } from './limits.ts'
import { LineSplitter } from './line-splitter.ts'
import { linesTo, openTranscript } from './transcript-file.ts'

/** What is left out of a file. */
export interface LeftOut {
  /** Tells the file from another one at the same path. */
  readonly identity: string
  /** The first byte. */
  readonly offset: number
  /** The byte after the last, where a line begins. */
  readonly end: number
}

/** A row of the past, or a change of one. */
export type PastEvent = Extract<SessionEvent, { readonly type: 'message_reported' | 'message_changed' }>

export interface PastSlice {
  readonly events: readonly PastEvent[]
  /** The byte with which the slice begins. It has more bytes than events. */
  readonly from: number
  /** The first byte that is still left out. */
  readonly offset: number
}

/**
 * What is left out, in slices of bounded size; between two of them other work gets its turn. Nothing when the file has gone
 * or is another one by now. `path` as `allowedPath` returned it. Rejects when the file cannot be read.
 */
export async function* readLeftOut(path: string, sessionId: string, gap: LeftOut): AsyncGenerator<PastSlice> {
  const file = await openTranscript(path)
  if (file === null) return
  try {
    if (!hadIdentity(await readHead(file), gap.identity)) return
    const splitter = new LineSplitter(gap.offset, TRANSCRIPT_LINE_BYTES_MAX)
    const entries = new EntryReader({ sessionId, from: gap.offset, liveFrom: Number.POSITIVE_INFINITY })
    let from = gap.offset
    for await (const { lines, atEnd } of linesTo(file, splitter, gap.end)) {
      const { events } = entries.read(lines, null, atEnd)
      const past = [...events, ...(atEnd ? entries.release() : [])].filter(isPast)
      yield { events: past, from, offset: atEnd ? gap.end : (entries.waitingFrom ?? splitter.offset) }
      from = splitter.offset
    }
  } finally {
    await file.close()
  }
}

/** Counters, names and modes are told by the newest part. */
function isPast(event: SessionEvent): event is PastEvent {
  return event.type === 'message_reported' || event.type === 'message_changed'
}
