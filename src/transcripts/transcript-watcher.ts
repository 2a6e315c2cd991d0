/** Tells when transcripts are written to, as far as the system reports it. */
import { basename, dirname } from 'node:path'
import { type DirectoryWatch, watchDirectory } from '../lib/watch-directory.ts'
import { WATCHED_DIRECTORIES_MAX } from './limits.ts'

interface Directory {
  readonly watch: DirectoryWatch
  /** What to call, by name of the file. */
  readonly files: Map<string, () => void>
}

/** One watch for each directory, however many transcripts in it: so it also tells of those that are not there yet. */
export class TranscriptWatcher {
  readonly #directories = new Map<string, Directory>()

  /** Calls `written` whenever something is written to the file. False when the system cannot tell. */
  watch(path: string, written: () => void): boolean {
    const directory = this.#directories.get(dirname(path)) ?? this.#open(dirname(path))
    directory?.files.set(basename(path), written)
    return directory !== undefined
  }

  unwatch(path: string): void {
    const directory = this.#directories.get(dirname(path))
    directory?.files.delete(basename(path))
    if (directory?.files.size !== 0) return
    directory.watch.close()
    this.#directories.delete(dirname(path))
  }

  close(): void {
    for (const { watch } of this.#directories.values()) watch.close()
    this.#directories.clear()
  }

  #open(path: string): Directory | undefined {
    if (this.#directories.size >= WATCHED_DIRECTORIES_MAX) return undefined
    const files = new Map<string, () => void>()
    const watch = watchDirectory(path, (name) => {
      if (name === null) for (const written of files.values()) written()
      else files.get(name)?.()
    })
    if (watch) this.#directories.set(path, { watch, files })
    return watch && { watch, files }
  }
}
