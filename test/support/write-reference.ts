/** Writes src/protocol/REFERENCE.md anew. Run by `bun run test:update`. */
import { join } from 'node:path'
import { renderReference } from '../../src/protocol/reference.ts'

await Bun.write(join(import.meta.dir, '../../src/protocol/REFERENCE.md'), renderReference())
