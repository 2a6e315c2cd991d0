/** Follows the records of all running Claudes in the directories that it is told of. */
import { readFileSync, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { REGISTRY_DIRECTORIES_MAX, REGISTRY_RECORD_BYTES_MAX, REGISTRY_RECORDS_MAX } from '../lib/limits.ts'
import { type DirectoryWatch, watchDirectory } from '../lib/watch-directory.ts'
import { isRecordName, parseRecord, type RegistryRecord } from './registry-record.ts'

export interface RegistryParts {
  /** A record is new, or says something else than before; `before` is what it said then. */
  changed(record: RegistryRecord, before: RegistryRecord | undefined): void
  /** A record has gone; `record` is what it said last. */
  gone(record: RegistryRecord): void
}

interface Directory {
  watch: DirectoryWatch | undefined
  /** Tells the directory that is watched from another one that takes its place; empty while there is none. */
  identity: string
}

/** A record, and by what its file is known not to have changed. */
interface Known {
  readonly record: RegistryRecord
  readonly text: string
  readonly mark: string
}

export class Registry {
  readonly #parts: RegistryParts
  readonly #directories = new Map<string, Directory>()
  readonly #known = new Map<string, Known>()
  readonly #byPid = new Map<number, RegistryRecord>()
  /** Files that may have changed. */
  readonly #dirty = new Set<string>()
  #reading: Promise<void> | undefined
  #closed = false

  constructor(parts: RegistryParts) {
    this.#parts = parts
  }

  /** What the process said of itself last. */
  recordOf(pid: number): RegistryRecord | undefined {
    return this.#byPid.get(pid)
  }

  /** Whether the system reports what happens in every directory; one that is not there yet cannot be watched. */
  get isWatching(): boolean {
    return [...this.#directories.values()].every(({ watch }) => watch !== undefined)
  }

  /** Follows the records of the Claudes that keep everything in `configDir`; they are read at the next `scan`. */
  follow(configDir: string): void {
    if (this.#directories.size >= REGISTRY_DIRECTORIES_MAX) return
    const path = directoryOf(configDir)
    if (!this.#directories.has(path)) this.#directories.set(path, { watch: undefined, identity: '' })
  }

  /** Looks at every directory, since systems do not report every change. Settles when all that changed was told. */
  async scan(): Promise<void> {
    for (const [path, directory] of this.#directories) await this.#scanOne(path, directory)
    await this.#reading
  }

  close(): void {
    this.#closed = true
    for (const { watch } of this.#directories.values()) watch?.close()
    this.#directories.clear()
  }

  async #scanOne(path: string, directory: Directory): Promise<void> {
    const names = await readdir(path).catch(() => [])
    if (this.#closed) return
    await this.#rewatch(path, directory)
    const files = names.filter(isRecordName).slice(0, REGISTRY_RECORDS_MAX)
    for (const name of files) {
      const file = join(path, name)
      if (this.#known.get(file)?.mark !== markOf(file)) this.#read(file)
    }
    const present = new Set(files.map((name) => join(path, name)))
    for (const file of this.#known.keys()) if (file.startsWith(`${path}/`) && !present.has(file)) this.#read(file)
  }

  /** The watcher belongs to a directory, not to its path. */
  async #rewatch(path: string, directory: Directory): Promise<void> {
    const identity = await identityOf(path)
    if (this.#closed || directory.identity === identity) return
    directory.watch?.close()
    directory.watch = watchDirectory(path, (name) => this.#told(path, name))
    directory.identity = identity
  }

  #told(path: string, name: string | null): void {
    if (name === null) void this.scan()
    else if (isRecordName(name)) this.#read(join(path, name))
  }

  /** One file after the other, so that what is told last is the newest. */
  #read(file: string): void {
    this.#dirty.add(file)
    this.#reading ??= this.#readDirty().finally(() => {
      this.#reading = undefined
    })
  }

  async #readDirty(): Promise<void> {
    for (const file of this.#dirty) {
      this.#dirty.delete(file)
      const mark = markOf(file)
      if (mark !== '' && this.#known.get(file)?.mark === mark) continue
      const text = mark === '' ? null : await textOf(file)
      if (this.#closed) return
      this.#take(file, mark, text)
    }
  }

  #take(file: string, mark: string, text: string | null): void {
    const known = this.#known.get(file)
    if (text === null) {
      this.#known.delete(file)
      if (known) this.#byPid.delete(known.record.pid)
      if (known) this.#parts.gone(known.record)
      return
    }
    const record = known?.text === text ? known.record : parseRecord(text, dirname(dirname(file)))
    // Half written: the rest brings another event, or the next scan finds it.
    if (record === null) return
    this.#known.set(file, { record, text, mark })
    this.#byPid.set(record.pid, record)
    if (record !== known?.record) this.#parts.changed(record, known?.record)
  }
}

/** What the process says of itself at this very moment; null when it says nothing. Reads one small file. */
export function recordNow(configDir: string, pid: number): RegistryRecord | null {
  try {
    return parseRecord(readFileSync(join(directoryOf(configDir), `${pid}.json`), 'utf8'), configDir)
  } catch {
    return null
  }
}

function directoryOf(configDir: string): string {
  return join(configDir, 'sessions')
}

/** Numbers of directories are given again as soon as they are free. */
async function identityOf(directory: string): Promise<string> {
  try {
    const { ino, birthtimeMs } = await stat(directory)
    return `${ino}.${birthtimeMs}`
  } catch {
    return ''
  }
}

/** By what a file shows that it has changed; empty when there is none. To ask at once costs less than to be told later. */
function markOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file)
    return `${ino}.${size}.${mtimeMs}`
  } catch {
    return ''
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await Bun.file(file).slice(0, REGISTRY_RECORD_BYTES_MAX).text()
  } catch {
    return null
  }
}
