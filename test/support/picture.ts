/** A picture that programs take for one, and that does not compress well. */
import { deflateSync } from 'node:zlib'

const SIDE = 64
const BYTES_PER_PIXEL = 3
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** A PNG of 64 by 64 pixels. */
export function aPicture(): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIDE, 0)
  header.writeUInt32BE(SIDE, 4)
  // Eight bits for each of red, green and blue.
  header.set([8, 2], 8)
  const row = 1 + SIDE * BYTES_PER_PIXEL
  const pixels = Buffer.from(
    Array.from({ length: SIDE * row }, (_, at) => (at % row === 0 ? 0 : ((at * at * 31) >> 3) & 0xff)),
  )
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND')])
}

function chunk(name: string, content = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(name), content])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  checksum.writeUInt32BE(Bun.hash.crc32(body))
  return Buffer.concat([length, body, checksum])
}
