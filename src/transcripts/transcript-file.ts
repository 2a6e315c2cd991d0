/** Opens transcripts and reads them in pieces of bounded size. */
import { constants, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { TRANSCRIPT_READ_BYTES } from './limits.ts'
import type { Line, LineSplitter } from './line-splitter.ts'

/** One piece of a transcript. */
export interface Lines {
  readonly lines: readonly Line[]
  readonly atEnd: boolean
}

/**
 * Opens a transcript for reading; null when there is no such file. The path has to be one that `allowedPath` returned:
 * should a symbolic link stand there by now, opening fails, and so it does for anything that is no file.
 */
export async function openTranscript(path: string): Promise<FileHandle | null> {
  const file = await openIfThere(path)
  if (file === null || (await file.stat()).isFile()) return file
  await file.close()
  throw new Error(`${path} is no file: a transcript has to be one.`)
}

/** Whether there is a file that could be opened; a cheap look at many. */
export function isTranscript(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** The complete lines from where `splitter` stands to the end, at least one in each piece but the last. */
export async function* linesToEnd(file: FileHandle, splitter: LineSplitter): AsyncGenerator<Lines> {
  const { size } = await file.stat()
  // One byte more than there is, so that a read which is not filled has reached the end.
  yield* lines(file, splitter, Math.max(size - splitter.position, 0) + 1, Number.POSITIVE_INFINITY)
}

/** The same, but to the byte `end`, where a line begins. */
export async function* linesTo(file: FileHandle, splitter: LineSplitter, end: number): AsyncGenerator<Lines> {
  yield* lines(file, splitter, end - splitter.position, end)
}

async function* lines(
  file: FileHandle,
  splitter: LineSplitter,
  expectedBytes: number,
  end: number,
): AsyncGenerator<Lines> {
  const chunk = Buffer.allocUnsafe(Math.min(expectedBytes, TRANSCRIPT_READ_BYTES))
  for (;;) {
    const wanted = Math.min(chunk.length, end - splitter.position)
    const { bytesRead } = await file.read(chunk, 0, wanted, splitter.position)
    const complete = splitter.push(chunk.subarray(0, bytesRead))
    const atEnd = bytesRead < wanted || splitter.position >= end
    if (complete.length > 0 || atEnd) yield { lines: complete, atEnd }
    if (atEnd) return
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'ENOENT' || code === 'ENOTDIR'
}
