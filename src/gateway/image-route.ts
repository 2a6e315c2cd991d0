/** Serves the pictures of conversations to clients that cannot read the files of this machine. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import { imageDirectory } from '../actors/image-files.ts'

/** By the ending of the file, as those who keep the pictures choose it. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['svg', 'image/svg+xml'],
  ['bmp', 'image/bmp'],
  ['tiff', 'image/tiff'],
])

/** A name is made from the picture, so that what is behind it never changes. */
const NAME = /^[0-9a-f]{32}\.([a-z]+)$/
const HEADERS = {
  'cache-control': 'private, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
  // An SVG that is opened as a page may hold scripts.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}

/** Answers with the picture `name` of a session; `root` is the directory of all pictures. 404 for everything else. */
export async function imageResponse(root: string, sessionId: string, name: string): Promise<Response> {
  const kind = KINDS.get(NAME.exec(name)?.[1] ?? '')
  const bytes = kind === undefined ? null : await readImage(imageDirectory(root, sessionId), name)
  if (kind === undefined || bytes === null) return new Response('There is no such picture.\n', { status: 404 })
  return new Response(bytes, {
    headers: { ...HEADERS, 'content-type': kind, 'content-length': String(bytes.byteLength) },
  })
}

/** Null where there is no such file. Links lead elsewhere, and are followed by nobody. */
async function readImage(directory: string, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  let file: FileHandle | undefined
  try {
    if (!(await lstat(directory)).isDirectory()) return null
    file = await open(join(directory, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    return (await file.stat()).isFile() ? new Uint8Array(await file.readFile()) : null
  } catch {
    return null
  } finally {
    await file?.close()
  }
}
