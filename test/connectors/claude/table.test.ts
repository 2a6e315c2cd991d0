/** The table of conversations is what becomes of them; `bun run test:update` writes it anew. */
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { renderTable } from './table.ts'

test('TABLE.md tells what becomes of every kind of line and of every request', async () => {
  expect(await Bun.file(join(import.meta.dir, 'TABLE.md')).text()).toBe(renderTable())
})
