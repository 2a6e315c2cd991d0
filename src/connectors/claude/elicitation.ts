/** Questions that MCP servers put through Claude, with a form for the answer. */
import { isJsonObject, type JsonObject, objectAt, parseJson } from '../../lib/json.ts'
import type { Decision } from '../../session/state.ts'

/**
 * What the MCP server is told. A person answers with the fields as JSON, or with one text, which goes into the only field
 * of the form; whoever merely approves sends an empty form.
 */
export function elicitationAnswer(schema: JsonObject, decision: Decision): JsonObject {
  switch (decision.verdict) {
    case 'abort':
      return { action: 'cancel' }
    case 'denied':
      return { action: 'decline' }
    default:
      return { action: 'accept', content: contentOf(schema, decision.updatedInput ?? decision.answer ?? '{}') }
  }
}

function contentOf(schema: JsonObject, answer: string): JsonObject {
  const fields = parseJson(answer)
  if (isJsonObject(fields)) return fields
  const [[name, field] = []] = Object.entries(objectAt(schema, 'properties'))
  return name === undefined ? {} : { [name]: typed(answer, isJsonObject(field) ? field.type : 'string') }
}

function typed(answer: string, type: unknown): unknown {
  const value = parseJson(answer)
  const fits =
    type === 'boolean'
      ? typeof value === 'boolean'
      : ['number', 'integer'].includes(String(type)) && typeof value === 'number'
  return fits ? value : answer
}
