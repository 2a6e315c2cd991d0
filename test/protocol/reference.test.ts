import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { ERROR_CODES } from '../../src/protocol/errors.ts'
import { renderReference } from '../../src/protocol/reference.ts'
import { SIDES, tags } from './wire.ts'

const file = Bun.file(join(import.meta.dir, '../../src/protocol/REFERENCE.md'))

test('REFERENCE.md is what the schemas say: `bun run test:update` writes it', async () => {
  expect(await file.text()).toBe(renderReference())
})

test('REFERENCE.md tells every message and every error code', () => {
  const reference = unaligned(renderReference())
  for (const tag of SIDES.flatMap((side) => tags[side])) expect(reference).toContain(`\n### \`${tag}\`\n`)
  for (const [code, told] of Object.entries(ERROR_CODES)) expect(reference).toContain(`| \`${code}\` | ${told} |`)
})

test('REFERENCE.md links only to what it holds, and tells the type of each key', () => {
  const reference = unaligned(renderReference())
  const headings = new Set([...reference.matchAll(/^### (\w+)$/gm)].map(([, name]) => name?.toLowerCase()))
  for (const [, anchor] of reference.matchAll(/\]\(#(\w+)\)/g)) expect(headings).toContain(anchor)
  expect(reference).toContain('| `since_revision` | integer from 0 | Optional. ')
  expect(reference).toContain('| `exit_code` | integer from -2147483648 to 2147483647 | Nullable. ')
  expect(reference).toContain('| `tools` | map of [McpTool](#mcptool) | |')
  expect(reference).toContain('| `timeout_secs` | integer from 0 | `30` when left out |')
  expect(reference).toContain('| `inputSchema` | any JSON | |')
  expect(reference).not.toContain('undefined')
})

function unaligned(markdown: string): string {
  return markdown.replace(/ +\|/g, ' |')
}
