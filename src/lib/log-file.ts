/** The server's log on disk: bounded in memory and on disk, and never a reason to fail. */
import { chmodSync, closeSync, openSync, truncateSync, writeSync } from 'node:fs'
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Log, LogFields, LogLevel } from './log.ts'
import { logTarget, parseLogFilter } from './log-filter.ts'
import { type LogFormat, logFormatter } from './log-format.ts'

/** Size at which `server.log` becomes `server.log.1`. */
const LOG_FILE_BYTES_MAX = 10 * 1024 * 1024
/** Files that are kept, `server.log` included. */
const LOG_FILES_MAX = 5
/** Milliseconds that `close` waits for the disk. */
const LOG_CLOSE_MS_MAX = 2_000
/** Characters of lines that wait for a slow disk; more are dropped and counted. */
const LOG_QUEUE_CHARS_MAX = 1024 * 1024

export interface LogFileOptions {
  readonly file: string
  readonly filter: string
  readonly format: LogFormat
  readonly runId: string
  readonly truncateOnStart: boolean
  readonly bytesMax?: number
  readonly filesMax?: number
  readonly queueCharsMax?: number
  /** Unix milliseconds. */
  readonly now?: () => number
  /** Told once per outage that the file cannot be written; standard error by default. */
  readonly complain?: (text: string) => void
}

/**
 * Appends records to a file (0600, in a directory of 0700), moving it aside when it is big. Lines that cannot be written are
 * dropped and counted; the count is the first record after the disk works again. Nothing here throws.
 *
 * The file is opened for each batch, so that one removed or moved by somebody else simply begins anew.
 */
export class LogFile implements Log {
  readonly #options: Required<LogFileOptions>
  readonly #wants: ReturnType<typeof parseLogFilter>
  readonly #format: ReturnType<typeof logFormatter>
  #queue: string[] = []
  #queuedChars = 0
  #dropped = 0
  #failing = false
  #writing: Promise<void> | null = null

  constructor(options: LogFileOptions) {
    this.#options = {
      bytesMax: LOG_FILE_BYTES_MAX,
      filesMax: LOG_FILES_MAX,
      queueCharsMax: LOG_QUEUE_CHARS_MAX,
      now: Date.now,
      complain: (text) => process.stderr.write(`${text}\n`),
      ...options,
    }
    this.#wants = parseLogFilter(options.filter)
    this.#format = logFormatter(options.format, options.runId)
    this.#quietly(() => chmodSync(options.file, 0o600))
    if (options.truncateOnStart) this.#quietly(() => truncateSync(options.file))
  }

  error(event: string, fields?: LogFields): void {
    this.#put('error', event, fields)
  }

  warn(event: string, fields?: LogFields): void {
    this.#put('warn', event, fields)
  }

  info(event: string, fields?: LogFields): void {
    this.#put('info', event, fields)
  }

  debug(event: string, fields?: LogFields): void {
    this.#put('debug', event, fields)
  }

  /** Settles when everything logged so far is written or given up. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing
  }

  /** As `flush`, but not longer than a stopping server may wait for a stalled disk. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, LOG_CLOSE_MS_MAX)
    await Promise.race([this.flush(), promise])
    clearTimeout(timer)
  }

  /** Writes what waits, at once, for a process that is about to exit. */
  flushSync(): void {
    const text = this.#take()
    if (text === '') return
    this.#quietly(() => {
      const file = openSync(this.#options.file, 'a', 0o600)
      try {
        writeSync(file, text)
      } finally {
        closeSync(file)
      }
    })
  }

  #put(level: LogLevel, event: string, fields: LogFields = {}): void {
    const component = typeof fields.component === 'string' ? fields.component : undefined
    if (!this.#wants(level, logTarget(component))) return
    const line = this.#format({ at: this.#options.now(), level, event, fields })
    if (this.#queuedChars + line.length > this.#options.queueCharsMax) {
      this.#dropped += 1
      return
    }
    this.#queue.push(line)
    this.#queuedChars += line.length
    this.#writing ??= this.#drain()
  }

  /** Writes batch after batch: whatever was logged while the last one was written is the next. */
  async #drain(): Promise<void> {
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const lines = this.#queue.length
      const text = this.#take()
      try {
        await this.#append(text)
        this.#recovered()
      } catch (error) {
        this.#dropped += lines
        this.#failed(error)
      }
    }
    this.#writing = null
  }

  #take(): string {
    const text = this.#queue.join('')
    this.#queue = []
    this.#queuedChars = 0
    return text
  }

  async #append(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    const size = await sizeOf(this.#options.file)
    if (size > 0 && size + bytes.length > this.#options.bytesMax) await this.#rotate()
    const handle = await openForAppend(this.#options.file)
    try {
      await appendWhole(handle, bytes)
    } finally {
      await handle.close()
    }
  }

  async #rotate(): Promise<void> {
    const { file, filesMax } = this.#options
    for (let age = filesMax - 1; age > 0; age -= 1) {
      await rename(age === 1 ? file : `${file}.${age - 1}`, `${file}.${age}`).catch(() => {})
    }
  }

  #recovered(): void {
    this.#failing = false
    if (this.#dropped === 0) return
    const records = this.#dropped
    this.#dropped = 0
    this.#put('warn', 'log.records_dropped', { component: 'log', records })
  }

  #failed(error: unknown): void {
    if (this.#failing) return
    this.#failing = true
    this.#options.complain(
      `Cannot write the log ${this.#options.file}: ${error instanceof Error ? error.message : error}`,
    )
  }

  #quietly(action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.#failed(error)
    }
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null)
  return found?.size ?? 0
}

/** Opens the file, making its directory when somebody removed it. */
async function openForAppend(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'a', 0o600)
  } catch {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    return open(file, 'a', 0o600)
  }
}

/** Appends all or nothing: half a line would stop `jq` at that place for good. */
async function appendWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  const { size } = await handle.stat()
  try {
    await handle.writeFile(bytes)
  } catch (error) {
    await handle.truncate(size).catch(() => {})
    throw error
  }
}
