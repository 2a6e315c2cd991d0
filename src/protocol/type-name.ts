/** Names the type of a JSON Schema in the words of the reference. */
import type { JsonSchema } from './json-schema.ts'

type Part = boolean | JsonSchema | readonly (boolean | JsonSchema)[] | undefined

/** For example `text`, `list of [Message](#message)` or `` `direct` or `passive` ``; null is left to the remark beside it. */
export function typeName(part: Part): string {
  if (typeof part !== 'object' || !isSchema(part)) return 'any JSON'
  if (part.$ref !== undefined) return modelLink(part.$ref)
  if (part.const !== undefined) return `\`${part.const}\``
  if (part.enum !== undefined) return part.enum.map((word) => `\`${word}\``).join(' or ')
  const choices = (part.anyOf ?? part.oneOf)?.filter((choice) => choice.type !== 'null')
  if (choices !== undefined && part.type === undefined) return choices.map(typeName).join(' or ')
  return plainName(part)
}

function plainName(schema: JsonSchema): string {
  switch ([schema.type].flat().find((type) => type !== 'null')) {
    case 'string':
      return 'text'
    case 'boolean':
      return 'true or false'
    case 'number':
      return 'number'
    case 'integer':
      return `integer${range(schema)}`
    case 'array':
      return `list of ${typeName(schema.items)}`
    case 'object':
      return objectName(schema)
    default:
      return 'any JSON'
  }
}

function objectName({ properties, additionalProperties, required = [] }: JsonSchema): string {
  if (properties === undefined) return `map of ${typeName(additionalProperties)}`
  const keys = Object.entries(properties).map(
    ([key, value]) => `${key}${required.includes(key) ? '' : '?'}: ${typeName(value)}`,
  )
  return `{ ${keys.join(', ')} }`
}

function range({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined) return ''
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`
}

function modelLink(ref: string): string {
  const name = ref.slice(ref.lastIndexOf('/') + 1)
  return `[${name}](#${name.toLowerCase()})`
}

function isSchema(part: Exclude<Part, boolean | undefined>): part is JsonSchema {
  return !Array.isArray(part)
}
