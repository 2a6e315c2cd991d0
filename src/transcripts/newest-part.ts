/** Finds the newest part of a long transcript, so that it can be shown before the rest is read. */
import type { FileHandle } from 'node:fs/promises'
import { EntryReader } from './entry-reader.ts'
import {
  FIRST_PROMPT_BYTES,
  TRANSCRIPT_LINE_BYTES_MAX,
  TRANSCRIPT_READ_BYTES,
  TRANSCRIPT_TAIL_BYTES,
} from './limits.ts'
import { LineSplitter } from './line-splitter.ts'

const LINE_FEED = 0x0a

/**
 * Byte at which the newest part of a file of `size` bytes begins: at a line, and not before the byte `from`. It has at
 * most `TRANSCRIPT_TAIL_BYTES`, unless its last line is longer.
 */
export async function newestPart(file: FileHandle, from: number, size: number): Promise<number> {
  const wanted = Math.max(from, size - TRANSCRIPT_TAIL_BYTES)
  const next = await nextLine(file, wanted, size)
  return next < size ? next : await thisLine(file, wanted, from)
}

/** The text of the first prompt, where it stands at the very beginning of the file; null otherwise. */
export async function firstPrompt(file: FileHandle, sessionId: string): Promise<string | null> {
  const lines = new LineSplitter(0, TRANSCRIPT_LINE_BYTES_MAX).push(await bytesAt(file, 0, FIRST_PROMPT_BYTES))
  const entries = new EntryReader({ sessionId, liveFrom: Number.POSITIVE_INFINITY })
  for (const line of lines)
    for (const event of entries.read([line], null, false).events)
      if (event.type === 'message_reported' && event.message.type === 'user') return event.message.content
  return null
}

/** Where the first line begins behind the byte `from`; `size` when there is none. */
async function nextLine(file: FileHandle, from: number, size: number): Promise<number> {
  for (let at = from; at < size; at += TRANSCRIPT_READ_BYTES) {
    const found = (await bytesAt(file, at, Math.min(TRANSCRIPT_READ_BYTES, size - at))).indexOf(LINE_FEED)
    if (found >= 0) return at + found + 1
  }
  return size
}

/** Where the line begins that the byte `within` belongs to; not before the byte `from`. */
async function thisLine(file: FileHandle, within: number, from: number): Promise<number> {
  for (let end = within; end > from; end -= TRANSCRIPT_READ_BYTES) {
    const at = Math.max(from, end - TRANSCRIPT_READ_BYTES)
    const found = (await bytesAt(file, at, end - at)).lastIndexOf(LINE_FEED)
    if (found >= 0) return at + found + 1
  }
  return from
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  return bytes.subarray(0, bytesRead)
}
