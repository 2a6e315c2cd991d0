/** Follows one transcript as it grows. */
import type { FileHandle } from 'node:fs/promises'
import type { SessionEvent } from '../session/events.ts'
import { EntryReader } from './entry-reader.ts'
import { beginsLine, hadIdentity, identityOf, readHead } from './file-identity.ts'
import type { LeftOut } from './gap-reader.ts'
import { TRANSCRIPT_IN_ORDER_BYTES_MAX, TRANSCRIPT_LINE_BYTES_MAX, WAITING_ENTRIES_MS } from './limits.ts'
import { LineSplitter } from './line-splitter.ts'
import { firstPrompt, newestPart } from './newest-part.ts'
import { linesToEnd, openTranscript } from './transcript-file.ts'

/** How far a file is read. */
export interface TranscriptCursor {
  /** Bytes read as complete lines. */
  readonly offset: number
  /** Tells the file from another one at the same path. */
  readonly identity: string
}

/** What one step of reading brought. Its events and its cursor belong into one commit. */
export interface TranscriptSlice {
  readonly events: readonly SessionEvent[]
  readonly cursor: TranscriptCursor
  /** Kinds of entries that nobody here has heard of; each deserves one line in the log. */
  readonly unknownKinds: readonly string[]
  /** Lines that were too long or no JSON. */
  readonly skippedLines: number
  /** How many were read. */
  readonly bytes: number
  /** Set with the first slice of a long transcript: what comes before its newest part. */
  readonly leftOut?: LeftOut & { readonly firstPrompt: string | null }
  /** Set when rows may be told that another reader, or this one, has told of before. */
  readonly again: boolean
}

export interface TranscriptReaderOptions {
  readonly sessionId: string
  /** Without symbolic links, as `allowedPath` returns it; the file itself must not have become one either. */
  readonly path: string
  /** Where an earlier reader stopped, when there was one. */
  readonly cursor?: TranscriptCursor | undefined
  /** Whether rows of the session may come from another transcript of it, which this one continues. */
  readonly readBefore?: boolean
}

/** Where reading stands in the file that was opened last. */
interface Progress {
  readonly identity: string
  readonly splitter: LineSplitter
  readonly entries: EntryReader
  /** Byte before which lines were perhaps read before. */
  readonly againBefore: number
  /** Set until it is told. */
  leftOut: TranscriptSlice['leftOut']
}

export class TranscriptReader {
  readonly path: string
  readonly #options: TranscriptReaderOptions
  #progress: Progress | undefined
  /** Whether there was no file at first: then all of it is written while somebody watches. */
  #awaited = false

  constructor(options: TranscriptReaderOptions) {
    this.path = options.path
    this.#options = options
  }

  /**
   * What was written since the last time, in slices of bounded size; between two of them other work gets its turn.
   * A file that was replaced or cut is read again from its beginning: rows are known by their ids. Of a long one only the
   * newest part is read; the first slice tells what is left out. Nothing while there is no file. One call at a time. `model` is the session's, as far as it is known.
   */
  async *read(model: string | null): AsyncGenerator<TranscriptSlice> {
    const file = await openTranscript(this.path)
    if (file === null) {
      this.#awaited ||= !this.#progress && !this.#options.cursor
      return
    }
    try {
      yield* this.#readOpen(file, model)
    } finally {
      await file.close()
    }
  }

  async *#readOpen(file: FileHandle, model: string | null): AsyncGenerator<TranscriptSlice> {
    const progress = await this.#locate(file)
    this.#progress = progress
    if (progress.leftOut) yield { ...nothingRead(progress), leftOut: progress.leftOut }
    progress.leftOut = undefined
    yield* this.#readOn(file, progress, model)
    if (progress.entries.waitingFrom === null) return
    await Bun.sleep(WAITING_ENTRIES_MS)
    yield* this.#readOn(file, progress, model)
    const events = progress.entries.release()
    if (events.length > 0) yield { ...nothingRead(progress), events }
  }

  async *#readOn(file: FileHandle, progress: Progress, model: string | null): AsyncGenerator<TranscriptSlice> {
    const { splitter, entries, againBefore } = progress
    let from = splitter.offset
    for await (const { lines, atEnd } of linesToEnd(file, splitter)) {
      const read = entries.read(lines, model, atEnd)
      if (lines.length > 0 || read.events.length > 0)
        yield { ...read, cursor: cursorOf(progress), bytes: splitter.offset - from, again: from < againBefore }
      from = splitter.offset
    }
  }

  /** Goes on where reading stopped if this is still the same file, else begins anew. */
  async #locate(file: FileHandle): Promise<Progress> {
    const head = await readHead(file)
    const { size } = await file.stat()
    const goesOn = async (offset: number, position: number, identity: string) =>
      size >= position && hadIdentity(head, identity) && (await beginsLine(file, offset))
    const known = this.#progress
    const identity = identityOf(head)
    if (known && (await goesOn(known.splitter.offset, known.splitter.position, known.identity)))
      return { ...known, identity }
    const { cursor, sessionId, readBefore } = this.#options
    const resumes = !known && cursor !== undefined && (await goesOn(cursor.offset, cursor.offset, cursor.identity))
    const offset = resumes ? cursor.offset : 0
    const isWatched = resumes || (this.#awaited && !known)
    const isAgain = !resumes && (known !== undefined || cursor !== undefined || readBefore === true)
    // What was read before is shown already: nothing has to come first.
    const isLong = !isAgain && size - offset > TRANSCRIPT_IN_ORDER_BYTES_MAX
    const from = isLong ? await newestPart(file, offset, size) : offset
    const name = offset === 0 && from > 0 ? await firstPrompt(file, sessionId) : null
    return {
      identity,
      splitter: new LineSplitter(from, TRANSCRIPT_LINE_BYTES_MAX),
      entries: new EntryReader({ sessionId, from, liveFrom: isWatched ? from : size }),
      againBefore: isAgain ? size : 0,
      leftOut: from > offset ? { identity, offset, end: from, firstPrompt: name } : undefined,
    }
  }
}

/** A slice without lines. */
function nothingRead(progress: Progress): TranscriptSlice {
  return { events: [], cursor: cursorOf(progress), unknownKinds: [], skippedLines: 0, bytes: 0, again: false }
}

/** What waits is read again after a restart. */
function cursorOf({ splitter, entries, identity }: Progress): TranscriptCursor {
  return { offset: entries.waitingFrom ?? splitter.offset, identity }
}
