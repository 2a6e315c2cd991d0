/** Writes TABLE.md anew. Run by `bun run test:update`. */
import { join } from 'node:path'
import { renderTable } from './table.ts'

await Bun.write(join(import.meta.dir, 'TABLE.md'), renderTable())
