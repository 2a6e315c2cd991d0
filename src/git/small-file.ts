/** Reads files that somebody else may have put there: never more than a bound, never from a pipe. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** The text of a regular file of at most `bytesMax` bytes. Rejects for anything else. */
export async function readSmallFile(path: string, bytesMax: number): Promise<string> {
  // Without O_NONBLOCK, opening a pipe waits for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = await file.stat()
    if (!stat.isFile() || stat.size > bytesMax) throw new Error('not a small file')
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** As `readSmallFile`, null where there is none that can be read. */
export async function trySmallFile(path: string, bytesMax: number): Promise<string | null> {
  return await readSmallFile(path, bytesMax).catch(() => null)
}
