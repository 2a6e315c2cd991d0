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
