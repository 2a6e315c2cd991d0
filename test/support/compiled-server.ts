/** The compiled server, made anew when a source is newer than it. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..')
const binary = join(root, 'dist', 'orbitdock-server')
/** Whatever ends up in the binary. */
const SOURCES = ['src', 'migrations', 'build.ts', 'package.json', 'bun.lock']

let building: Promise<string> | undefined

/** The absolute path of the binary for this machine; the first caller of a run pays for the build. */
export function compiledServer(): Promise<string> {
  building ??= isStale() ? build() : Promise.resolve(binary)
  return building
}

function isStale(): boolean {
  const built = statSync(binary, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return SOURCES.some((source) => lastChange(join(root, source)) > built)
}

/** When a file, or the newest file below a directory, was written; milliseconds since 1970. */
function lastChange(path: string): number {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => lastChange(join(path, name))))
}

async function build(): Promise<string> {
  const run = Bun.spawn([process.execPath, 'build.ts'], { cwd: root, stdout: 'pipe', stderr: 'pipe' })
  const [code, out, complaint] = await Promise.all([run.exited, run.stdout.text(), run.stderr.text()])
  if (code !== 0) throw new Error(`build.ts left with ${code}:\n${out}${complaint}`)
  return binary
}
