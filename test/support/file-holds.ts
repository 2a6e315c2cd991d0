/** Waits for what a program of somebody else writes. */
import { readdirSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { Changes } from './within.ts'

/** Patience of tests, in milliseconds. */
const PATIENCE_MS = 15_000

/** Settles when some file below `directory`, of this name or ending, has text that matches; fails after 15 s. */
export async function fileHolds(directory: string, ending: string, text: RegExp): Promise<void> {
  const changes = new Changes()
  const watcher = watch(directory, { recursive: true }, () => changes.announce())
  const isWritten = () => readdirSync(directory, { recursive: true, encoding: 'utf8' }).some(isIt) || undefined
  const isIt = (name: string) => name.endsWith(ending) && text.test(readFileSync(join(directory, name), 'utf8'))
  try {
    await changes.until(isWritten, PATIENCE_MS, () => `nothing like ${text} came into a file *${ending}`)
  } finally {
    watcher.close()
  }
}
