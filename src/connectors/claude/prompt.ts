/** A prompt as Claude reads it: text with its mentions, and pictures as base64. */
import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { ImageInput } from '../../protocol/model/message.ts'
import type { AgentAction } from '../../session/effects.ts'
import { AgentError } from '../connector.ts'
import type { ContentBlock } from './write.ts'

type Send = Extract<AgentAction, { do: 'send' }>

/** Bytes of one picture; the API takes no larger ones. */
const IMAGE_BYTES_MAX = 20 * 1024 * 1024
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
}
const DATA_URI = /^data:([^;,]+);base64,/

/** The blocks of a prompt: pictures first, as the API recommends. Throws AgentError for a picture that cannot be read. */
export async function promptContent({
  content,
  images,
  mentions,
}: Pick<Send, 'content' | 'images' | 'mentions'>): Promise<readonly ContentBlock[]> {
  const pictures = await Promise.all(images.map(imageBlock))
  // The CLI reads what is mentioned so.
  const missing = mentions.map(({ path }) => `@${path}`).filter((mention) => !content.includes(mention))
  const text = [content, ...missing].filter((part) => part !== '').join('\n')
  return text === '' ? pictures : [...pictures, { type: 'text', text }]
}

async function imageBlock({ input_type, value }: ImageInput): Promise<ContentBlock> {
  if (input_type === 'path') return fileBlock(value)
  const [head, mediaType] = DATA_URI.exec(value) ?? []
  if (head !== undefined && mediaType !== undefined) return base64(mediaType, value.slice(head.length))
  return { type: 'image', source: { type: 'url', url: value } }
}

async function fileBlock(path: string): Promise<ContentBlock> {
  const mediaType = MEDIA_TYPES[extname(path).toLowerCase()]
  if (mediaType === undefined) throw new AgentError(`${path} is no picture that Claude can see.`)
  try {
    const { size } = await stat(path)
    if (size > IMAGE_BYTES_MAX) throw new AgentError(`${path} is larger than the 20 MiB that Claude takes.`)
    return base64(mediaType, await readFile(path, 'base64'))
  } catch (error) {
    if (error instanceof AgentError) throw error
    throw new AgentError(`The picture ${path} could not be read.`)
  }
}

function base64(media_type: string, data: string): ContentBlock {
  return { type: 'image', source: { type: 'base64', media_type, data } }
}
