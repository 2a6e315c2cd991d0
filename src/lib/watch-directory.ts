/** Tells what happens to the files of a directory, as far as the system reports it. */
import { watch } from 'node:fs'
import { WATCH_ECHO_MS } from './limits.ts'

export interface DirectoryWatch {
  close(): void
}

/**
 * Calls `told` with the name of a file that was written, made or removed, or with null where the system names none: at
 * once, and a moment later again, because Bun 1.4.5 leaves out what is reported within a millisecond of the last report
 * about the same file. Undefined when there is no such directory or the system cannot watch it.
 */
export function watchDirectory(path: string, told: (name: string | null) => void): DirectoryWatch | undefined {
  const echoes = new Map<string | null, ReturnType<typeof setTimeout>>()
  const reported = (_: string, name: string | null) => {
    // The echo will find it.
    if (echoes.has(name)) return
    const echo = () => {
      echoes.delete(name)
      told(name)
    }
    echoes.set(name, setTimeout(echo, WATCH_ECHO_MS))
    told(name)
  }
  try {
    const watcher = watch(path, reported)
    watcher.on('error', () => watcher.close())
    return {
      close: () => {
        watcher.close()
        for (const echo of echoes.values()) clearTimeout(echo)
      },
    }
  } catch {
    return undefined
  }
}
