/** Makes the single binary for this machine: `dist/orbitdock-server`, or the file named by `--outfile`. */
import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { outfile: { type: 'string', default: 'dist/orbitdock-server' } } })
const outfile = resolve(values.outfile)
mkdirSync(dirname(outfile), { recursive: true })
rmSync(outfile, { force: true })

const result = await Bun.build({
  // Workers are found at run time by their place beside the entry, so they are entries of their own.
  entrypoints: ['src/main.ts', 'src/actors/host.worker.ts', 'src/store/store.worker.ts'].map((path) => resolve(path)),
  root: resolve('src'),
  target: 'bun',
  format: 'esm',
  minify: true,
  bytecode: true,
  compile: { outfile },
})
for (const message of result.logs) process.stderr.write(`${message}\n`)
if (!result.success) process.exit(1)
chmodSync(outfile, 0o755)
process.stdout.write(`${outfile} (${(statSync(outfile).size / 1024 / 1024).toFixed(1)} MB)\n`)
