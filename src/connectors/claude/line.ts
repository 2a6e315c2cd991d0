/** The lines that Claude Code writes in its stream-json mode, read leniently: what is unknown stays readable as JSON. */
import { isJsonObject, type JsonObject, objectAt, parseJson, textAt } from '../../lib/json.ts'

/** One line, by its kind. `body` is the whole line. */
export type ClaudeLine =
  | { readonly kind: 'system'; readonly subtype: string; readonly body: JsonObject }
  /** `parent`: the call of the subagent that says it; null on the main thread. */
  | { readonly kind: 'assistant'; readonly parent: string | null; readonly body: JsonObject }
  | { readonly kind: 'user'; readonly parent: string | null; readonly body: JsonObject }
  | { readonly kind: 'stream'; readonly parent: string | null; readonly event: JsonObject }
  | { readonly kind: 'result'; readonly body: JsonObject }
  /** The CLI wants something of us. */
  | { readonly kind: 'request'; readonly id: string; readonly subtype: string; readonly request: JsonObject }
  /** It wants it no more. */
  | { readonly kind: 'cancel'; readonly id: string }
  /** What became of a request of ours; with `--replay-user-messages` also our own answers, under ids of the CLI. */
  | { readonly kind: 'response'; readonly id: string; readonly error: string | null; readonly response: JsonObject }
  | { readonly kind: 'other'; readonly type: string; readonly body: JsonObject }

/** Reads one line; null for one that is no JSON object. */
export function readClaudeLine(text: string): ClaudeLine | null {
  const body = parseJson(text)
  if (!isJsonObject(body)) return null
  const type = textAt(body, 'type') ?? ''
  const parent = textAt(body, 'parent_tool_use_id')
  switch (type) {
    case 'system':
      return { kind: 'system', subtype: textAt(body, 'subtype') ?? '', body }
    case 'assistant':
    case 'user':
      return { kind: type, parent, body }
    case 'stream_event':
      return { kind: 'stream', parent, event: objectAt(body, 'event') }
    case 'result':
      return { kind: 'result', body }
    case 'control_request':
      return requestLine(body)
    case 'control_cancel_request':
      return { kind: 'cancel', id: requestId(body) }
    case 'control_response':
      return responseLine(objectAt(body, 'response'))
    default:
      return { kind: 'other', type, body }
  }
}

function requestLine(body: JsonObject): ClaudeLine {
  const request = objectAt(body, 'request')
  return { kind: 'request', id: requestId(body), subtype: textAt(request, 'subtype') ?? '', request }
}

function responseLine(outer: JsonObject): ClaudeLine {
  const failed = outer.subtype === 'error'
  return {
    kind: 'response',
    id: requestId(outer),
    error: failed ? (textAt(outer, 'error') ?? 'unknown') : null,
    response: objectAt(outer, 'response'),
  }
}

/** Some versions write camel case. */
function requestId(body: JsonObject): string {
  return textAt(body, 'request_id') ?? textAt(body, 'requestId') ?? ''
}
