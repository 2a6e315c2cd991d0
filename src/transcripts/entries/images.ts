/** The pictures among content blocks. */
import { isJsonObject, type JsonObject, objectAt, textAt } from '../../lib/json.ts'
import type { ImageInput } from '../../protocol/model/message.ts'
import { TRANSCRIPT_IMAGE_CHARS_MAX, TRANSCRIPT_IMAGES_MAX } from '../limits.ts'

/** Pictures as clients show them: what came as base64 becomes a data URI. Too large ones are left out. */
export function imagesOf(blocks: readonly unknown[]): readonly ImageInput[] {
  return blocks
    .filter(isJsonObject)
    .flatMap((block) => (block.type === 'image' ? (imageOf(objectAt(block, 'source')) ?? []) : []))
    .slice(0, TRANSCRIPT_IMAGES_MAX)
}

function imageOf(source: JsonObject): ImageInput | null {
  const url = textAt(source, 'url')
  if (url !== null) return { input_type: 'url', value: url }
  const data = textAt(source, 'data')
  // The mark of a string that was cut, because its line was too long to keep.
  if (data === null || data.length > TRANSCRIPT_IMAGE_CHARS_MAX || data.endsWith('…')) return null
  return { input_type: 'url', value: `data:${textAt(source, 'media_type') ?? 'image/png'};base64,${data}` }
}
