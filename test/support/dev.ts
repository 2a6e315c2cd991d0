/** `bun run dev`: the server from source in a directory of its own, started over when a file changes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const home = mkdtempSync(join(tmpdir(), 'orbitdock-dev-'))
const server = Bun.spawn([process.execPath, '--watch', 'src/main.ts', 'start', ...Bun.argv.slice(2)], {
  env: { ORBITDOCK_SERVER_LOG_FILTER: 'debug', ...process.env, ORBITDOCK_DATA_DIR: join(home, 'data') },
  stdio: ['inherit', 'inherit', 'inherit'],
})
process.stdout.write(`Data directory: ${join(home, 'data')} (removed at the end). Ctrl-C stops.\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal))
const code = await server.exited
rmSync(home, { recursive: true, force: true })
process.exit(code)
