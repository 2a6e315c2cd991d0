/** The wire as JSON Schema (draft 2020-12), derived from the zod schemas. */
import { z } from 'zod'
import { ClientMessage } from './client/index.ts'
import { ServerMessage } from './server/index.ts'

export type JsonSchema = z.core.JSONSchema.BaseSchema

/** What either side may send: `oneOf` holds the messages by `title`, `$defs` the models they share. */
export function wireJsonSchema(): { readonly client: JsonSchema; readonly server: JsonSchema } {
  return { client: accepted(ClientMessage), server: accepted(ServerMessage) }
}

/** Describes what is accepted, not what parsing makes of it. */
function accepted(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input' })
}
