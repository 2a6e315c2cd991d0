/** Keeps the pictures of conversations in files: rows go to every client and are read often, so they only name them. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { INLINE_IMAGE_CHARS_MAX } from '../lib/limits.ts'
import type { ImageInput } from '../protocol/model/message.ts'
import type { SessionEvent } from '../session/events.ts'
import type { Input } from '../session/transition.ts'

const INLINE = /^data:([^;,]*)(?:;[^;,]*)*;base64,/
/** Endings that people know; clients tell the kind of a picture by its bytes. */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
  'image/bmp': 'bmp',
  'image/tiff': 'tiff',
}
const USUAL_ENDING = 'png'
/** Characters of a name; two pictures with the same one do not happen. */
const NAME_CHARS = 32

/** Where the pictures of a session are, below `root`, whatever it is called. */
export function imageDirectory(root: string, sessionId: string): string {
  return join(root, sessionId.replaceAll(/[^A-Za-z0-9_-]/g, '_'))
}

export class ImageFiles {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** The input with paths in the place of pictures that no snapshot would carry. One that cannot be written stays inline. */
  withFiles(sessionId: string, input: Input): Input {
    if (input.from === 'agent') return { from: 'agent', event: this.#event(sessionId, input.event) }
    const { message } = input
    if (!('images' in message)) return input
    return { from: 'client', message: { ...message, images: this.#images(sessionId, message.images) } }
  }

  #event<Event extends SessionEvent>(sessionId: string, event: Event): Event {
    switch (event.type) {
      case 'message_reported': {
        const { message } = event
        if (message.images.length === 0) return event
        return { ...event, message: { ...message, images: this.#images(sessionId, message.images) } }
      }
      case 'message_changed':
        return event.images ? { ...event, images: this.#images(sessionId, event.images) } : event
      case 'past_told':
        return { ...event, told: this.#event(sessionId, event.told) }
      default:
        return event
    }
  }

  #images(sessionId: string, images: readonly ImageInput[]): ImageInput[] {
    return images.map((image) => (image.value.length > INLINE_IMAGE_CHARS_MAX ? this.#inFile(sessionId, image) : image))
  }

  #inFile(sessionId: string, image: ImageInput): ImageInput {
    const [start, kind] = INLINE.exec(image.value) ?? []
    if (start === undefined) return image
    const directory = imageDirectory(this.#root, sessionId)
    const name = createHash('sha256').update(image.value).digest('hex').slice(0, NAME_CHARS)
    const path = join(directory, `${name}.${ENDINGS[kind ?? ''] ?? USUAL_ENDING}`)
    try {
      if (!existsSync(path)) write(directory, path, Buffer.from(image.value.slice(start.length), 'base64'))
      return { input_type: 'path', value: path }
    } catch {
      return image
    }
  }
}

/** Nobody sees a part of a picture under its name. */
function write(directory: string, path: string, bytes: Uint8Array): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const draft = `${path}.part`
  writeFileSync(draft, bytes, { mode: 0o600 })
  renameSync(draft, path)
}
