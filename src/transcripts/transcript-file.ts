/** Opens transcripts and reads them in pieces of bounded size. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { TRANSCRIPT_READ_BYTES } from './limits.ts'
import type { Line, LineSplitter } from './line-splitter.ts'

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

/** The complete lines from where `splitter` stands to the end, at least one in each piece but the last. */
export async function* linesToEnd(
  file: FileHandle,
  splitter: LineSplitter,
): AsyncGenerator<{ readonly lines: readonly Line[]; readonly atEnd: boolean }> {
  const { size } = await file.stat()
  // One byte more than there is, so that a read which is not filled has reached the end.
  const bytes = Math.min(Math.max(size - splitter.position, 0) + 1, TRANSCRIPT_READ_BYTES)
  const chunk = Buffer.allocUnsafe(bytes)
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, splitter.position)
    const lines = splitter.push(chunk.subarray(0, bytesRead))
    const atEnd = bytesRead < chunk.length
    if (lines.length > 0 || atEnd) yield { lines, atEnd }
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
