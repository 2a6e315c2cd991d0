/** Whether a transcript ends in the middle of a turn: for Claudes that note nothing about themselves, as with `-p` in 2.1.197. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { isJsonObject, type JsonObject, listAt, objectAt, parseJson, textAt } from '../lib/json.ts'
import { markedText } from './entries/marked-text.ts'
import { EntryOrder } from './entry-order.ts'
import { TURN_TAIL_BYTES } from './limits.ts'

export interface TurnAtEnd {
  readonly goesOn: boolean
  /** When the file was written last, in Unix milliseconds. */
  readonly at: number
}

/** What the model goes on after by itself. */
const PAUSES: readonly unknown[] = [null, undefined, 'tool_use', 'pause_turn']

/** Reads the end of a file; null when it tells nothing of a turn, or cannot be read. */
export function turnAtEnd(path: string): TurnAtEnd | null {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const { size, mtimeMs } = fstatSync(file)
      const bytes = Buffer.alloc(Math.min(size, TURN_TAIL_BYTES))
      const from = size - bytes.length
      readSync(file, bytes, 0, bytes.length, from)
      const goesOn = turnGoesOn(bytes.toString('utf8'), from)
      return goesOn === null ? null : { goesOn, at: Math.floor(mtimeMs) }
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}

/**
 * Whether the turn goes on with which a text of lines ends; null when it holds no part of one. `from`: the byte of the file
 * with which the text begins; the first line may be cut.
 */
export function turnGoesOn(text: string, from = 0): boolean | null {
  for (const entry of inOrder(text, from).reverse()) {
    const told = isJsonObject(entry) && entry.isSidechain !== true && entry.isMeta !== true ? goesOnAfter(entry) : null
    if (told !== null) return told
  }
  return null
}

function inOrder(text: string, from: number): unknown[] {
  const order = new EntryOrder(from)
  const placed = text.split('\n').flatMap((line) => order.add({ entry: parseJson(line), offset: from }))
  return [...placed, ...order.release()].map(({ entry }) => entry)
}

function goesOnAfter(entry: JsonObject): boolean | null {
  const message = objectAt(entry, 'message')
  if (entry.type === 'assistant') return PAUSES.includes(message.stop_reason)
  if (entry.type !== 'user') return null
  const blocks = listAt(message, 'content').filter(isJsonObject)
  if (blocks.some(({ type }) => type === 'tool_result')) return true
  const texts = blocks.map((block) => textAt(block, 'text') ?? '')
  const { kind } = markedText(textAt(message, 'content') ?? texts.join('\n'))
  if (kind === 'interrupted') return false
  return kind === 'prompt' ? true : null
}
