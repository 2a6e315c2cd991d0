/** Tells a file from another one that later stands at the same path. */
import type { FileHandle } from 'node:fs/promises'
import { TRANSCRIPT_HEAD_BYTES } from './limits.ts'

/** What does not change while a file only grows: its number on the disk, and its first bytes. */
export interface FileHead {
  readonly inode: bigint
  readonly bytes: Uint8Array
}

/** Reads the head of an open file. */
export async function readHead(file: FileHandle): Promise<FileHead> {
  const { ino: inode } = await file.stat({ bigint: true })
  const bytes = Buffer.alloc(TRANSCRIPT_HEAD_BYTES)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
  return { inode, bytes: bytes.subarray(0, bytesRead) }
}

/** The head as a short text, to be kept. */
export function identityOf({ inode, bytes }: FileHead): string {
  return `${inode}.${bytes.length}.${Bun.hash(bytes).toString(36)}`
}

/** Whether the file with this head once had that identity, however much it has grown since. */
export function hadIdentity({ inode, bytes }: FileHead, identity: string): boolean {
  const length = Number(identity.split('.')[1])
  return length <= bytes.length && identityOf({ inode, bytes: bytes.subarray(0, length) }) === identity
}

const LINE_FEED = 0x0a

/** Whether a line begins at this byte; if one did once, and does no more, what stands before it was written anew. */
export async function beginsLine(file: FileHandle, offset: number): Promise<boolean> {
  if (offset === 0) return true
  const before = Buffer.alloc(1)
  const { bytesRead } = await file.read(before, 0, 1, offset - 1)
  return bytesRead === 1 && before[0] === LINE_FEED
}
