/** An answer of the model as the server-sent events that the Messages API streams it in. */
import type { ContentBlock, ModelMessage } from './messages.ts'
import type { ApiError } from './scripts.ts'

export type StreamEvent = { readonly type: string; readonly [key: string]: unknown }

/** How an answer is streamed. */
export interface Delivery {
  /** Pieces that each block arrives in. */
  readonly pieces: number
  /** An error that ends the stream after the first block. */
  readonly breaksWith?: ApiError
}

/** The events of one answer, in the order and shape of the real API. */
export function* streamEvents(message: ModelMessage, { pieces, breaksWith }: Delivery): Generator<StreamEvent> {
  const { id, model, content, stopReason, usage } = message
  const head = { id, type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null }
  yield { type: 'message_start', message: { ...head, usage: { ...usage, output_tokens: 1 } } }
  yield { type: 'ping' }
  for (const [index, block] of content.entries()) {
    yield { type: 'content_block_start', index, content_block: emptied(block) }
    for (const delta of deltas(block, pieces)) yield { type: 'content_block_delta', index, delta }
    yield { type: 'content_block_stop', index }
    if (breaksWith) return yield { type: 'error', error: breaksWith }
  }
  yield { type: 'message_delta', delta: { stop_reason: stopReason, stop_sequence: null }, usage }
  yield { type: 'message_stop' }
}

/** One event as it stands in the stream. */
export const encodeEvent = (event: StreamEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

function emptied(block: ContentBlock): ContentBlock {
  switch (block.type) {
    case 'text':
      return { ...block, text: '' }
    case 'thinking':
      return { ...block, thinking: '', signature: '' }
    case 'tool_use':
      return { ...block, input: {} }
  }
}

function* deltas(block: ContentBlock, pieces: number): Generator<StreamEvent> {
  switch (block.type) {
    case 'text':
      for (const text of cut(block.text, pieces)) yield { type: 'text_delta', text }
      return
    case 'thinking':
      for (const thinking of cut(block.thinking, pieces)) yield { type: 'thinking_delta', thinking }
      return yield { type: 'signature_delta', signature: block.signature }
    case 'tool_use':
      for (const json of cut(JSON.stringify(block.input), pieces))
        yield { type: 'input_json_delta', partial_json: json }
  }
}

function cut(text: string, pieces: number): string[] {
  const size = Math.max(1, Math.ceil(text.length / pieces))
  return text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []
}
