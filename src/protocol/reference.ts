/** Writes the reference of the wire: every message, model and error code, from the schemas alone. */
import { ERROR_CODES } from './errors.ts'
import { type JsonSchema, wireJsonSchema } from './json-schema.ts'
import { typeName } from './type-name.ts'
import { PROTOCOL_VERSION } from './version.ts'

/** Keys of messages that the introduction tells once instead of every table. */
const COMMON_KEYS: readonly string[] = ['type', 'command_id', 'revision']

const INTRODUCTION = `# The wire

Version ${PROTOCOL_VERSION}. Generated from the schemas in this folder by \`bun run test:update\`; do not edit it.

One JSON object per WebSocket text frame, in both directions; \`type\` names the message. Keys that are not listed are
ignored. A message that does not fit is answered with \`error\`, code \`parse_error\`, and the connection stays open.

- A key without a remark is required and never null. _Optional_: may be left out; null means the same. _Lenient_: optional,
  and dropped when its type is another. _Nullable_: always written, null when unset. _Patch_: left out keeps, null clears.
- Any message may carry \`command_id\` (text); \`command_ack\` answers it once the message is carried out and stored.
- Any frame about a session may carry \`revision\` (integer from 0): its place in the history of the session that the socket follows.
- The five \`claude_…\` messages are also the bodies of \`POST /api/hook\`. Only their required keys can refuse one.
- A picture whose \`input_type\` is \`path\` is a file of the server machine. Elsewhere it is read with
  \`GET /api/sessions/<session id>/images/<last part of the path>\`, with the token as for any other request; it never changes.`

/** The text of REFERENCE.md. */
export function renderReference(): string {
  const { client, server } = wireJsonSchema()
  const models = Object.entries({ ...client.$defs, ...server.$defs }).sort(([a], [b]) => (a < b ? -1 : 1))
  const codes = Object.entries(ERROR_CODES).map(([code, told]) => [`\`${code}\``, told])
  const parts = [
    INTRODUCTION,
    '## Messages to the server',
    ...messageSections(client),
    '## Frames from the server',
    ...messageSections(server),
    '## Models',
    ...models.map(([name, model]) => section(name, model)),
    '## Error codes',
    table(['code', 'message'], codes),
  ]
  return `${parts.join('\n\n')}\n`
}

function messageSections({ oneOf = [] }: JsonSchema): string[] {
  return oneOf.map((message) => section(`\`${message.title}\``, message, COMMON_KEYS))
}

function section(heading: string, schema: JsonSchema, hidden: readonly string[] = []): string {
  const about = [schema.description]
  if (schema.properties === undefined) about.push(`${capital(typeName(schema))}.`)
  return [`### ${heading}`, about.join(' '), keysTable(schema, hidden)].filter((part) => part !== '').join('\n\n')
}

function keysTable({ properties = {}, required = [] }: JsonSchema, hidden: readonly string[]): string {
  const rows = Object.entries(properties)
    .filter(([key]) => !hidden.includes(key))
    .map(([key, value]) => [`\`${key}\``, typeName(value), remark(value, required.includes(key))])
  return rows.length === 0 ? '' : table(['key', 'type', 'remark'], rows)
}

function remark(value: JsonSchema | boolean, isRequired: boolean): string {
  if (typeof value === 'boolean') return ''
  const parts = [isRequired ? undefined : presence(value), value.description]
  return parts.filter((part) => part !== undefined).join('. ')
}

function presence({ $comment, default: standard }: JsonSchema): string {
  if ($comment !== undefined) return capital($comment)
  return standard === undefined ? 'Optional' : `\`${JSON.stringify(standard)}\` when left out`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A table whose columns line up, as the formatter wants it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
