/** The lines that we write to Claude Code. Each must be JSON: anything else makes it leave. */
import type { JsonObject } from '../../lib/json.ts'

export type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly source: JsonObject }

/** A prompt. `uuid` becomes the id of its entry in the transcript. */
export function promptLine(uuid: string, content: readonly ContentBlock[]): string {
  return line({
    type: 'user',
    message: { role: 'user', content },
    parent_tool_use_id: null,
    session_id: '',
    uuid,
  })
}

/** A request of ours, such as `interrupt`. */
export function requestLine(id: string, request: JsonObject & { readonly subtype: string }): string {
  return line({ type: 'control_request', request_id: id, request })
}

/** The answer to a request of the CLI. */
export function answerLine(id: string, response: JsonObject): string {
  return line({ type: 'control_response', response: { subtype: 'success', request_id: id, response } })
}

/** The answer to a request that nobody here understands. */
export function refusalLine(id: string, error: string): string {
  return line({ type: 'control_response', response: { subtype: 'error', request_id: id, error } })
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}
