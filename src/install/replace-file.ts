/** Writing files that others may be reading. */
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** Puts a file in the place of another in one step, with exactly this mode. Throws the system's error. */
export function replaceFile(path: string, text: string, mode: number): void {
  const draft = `${path}.orbitdock-${process.pid}`
  try {
    writeFileSync(draft, text, { flag: 'wx', mode, flush: true })
    chmodSync(draft, mode)
    renameSync(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}
