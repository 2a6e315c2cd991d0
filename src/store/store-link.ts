/** The main thread's end of the store: hands rows over in order and says when they are committed. */
import { HEARTBEAT_MS } from '../lib/limits.ts'
import type { Cells, Port } from '../lib/port.ts'
import { storageErrorOf } from './storage-error.ts'

export interface StoreThread {
  readonly port: Port
  /** The thread ended by itself; another one is started. */
  onDeath(listener: (reason: string) => void): void
}

export interface StoreLinkParts {
  startThread(): StoreThread
  /** Options of the store host, as JSON. */
  readonly options: string
  log(level: string, event: string, fields: string): void
  died(reason: string): void
}

interface Handed {
  readonly mark: number
  readonly rows: readonly string[]
  /** Called once the rows are committed. */
  readonly waiting: (() => void)[]
}

export class StoreLink {
  readonly #parts: StoreLinkParts
  /** Not committed yet, oldest first. */
  readonly #handed: Handed[] = []
  #mark = 0
  /** Threads so far; only the first repairs what the last process left. */
  #starts = 0
  #thread: StoreThread | undefined
  #failure: string | null = null
  #opened: { resolve(): void; reject(error: Error): void } | undefined
  #closed: (() => void) | undefined

  constructor(parts: StoreLinkParts) {
    this.#parts = parts
  }

  /** Why nothing can be stored at the moment, for people; null when all is well. */
  get failure(): string | null {
    return this.#failure
  }

  /** Rows handed over and not committed. */
  get waiting(): number {
    return this.#handed.reduce((sum, { rows }) => sum + rows.length, 0)
  }

  /** Starts the store's thread and settles once the database is open and repaired; rejects with `StorageError`. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#opened = { resolve, reject }
      this.#start()
    })
  }

  /** `then` runs once these rows, and all before them, are committed; at once when nothing waits. */
  write(rows: readonly string[], then: () => void): void {
    const last = this.#handed.at(-1)
    if (rows.length === 0) {
      if (last) last.waiting.push(then)
      else then()
      return
    }
    const handed = { mark: ++this.#mark, rows, waiting: [then] }
    this.#handed.push(handed)
    this.#send(handed)
  }

  /** Settles when all rows are committed and the database is closed. */
  async close(): Promise<void> {
    const thread = this.#thread
    if (!thread) return
    await new Promise<void>((resolve) => {
      this.#closed = resolve
      thread.port.post(['close'])
    })
    this.#thread = undefined
    thread.port.close()
  }

  #start(): void {
    const thread = this.#parts.startThread()
    this.#thread = thread
    thread.port.onMessage((cells) => this.#receive(cells))
    thread.onDeath((reason) => this.#die(reason))
    thread.port.post(['open', this.#parts.options, this.#starts++])
  }

  #send({ mark, rows }: Handed): void {
    this.#thread?.port.post(['rows', mark, ...rows])
  }

  /** Rows are written so that a second time changes nothing; so those in doubt are simply handed over again. */
  #die(reason: string): void {
    this.#thread = undefined
    if (this.#closed) return this.#closed()
    this.#parts.died(reason)
    setTimeout(() => {
      this.#start()
      for (const handed of this.#handed) this.#send(handed)
    }, HEARTBEAT_MS)
  }

  #receive([op, first, second, third]: Cells): void {
    switch (op) {
      case 'committed':
        return this.#committed(Number(first))
      case 'opened':
        return this.#opened?.resolve()
      case 'failed':
        return this.#opened?.reject(storageErrorOf(String(first)))
      case 'storage':
        this.#failure = first === 'failed' ? JSON.parse(String(second)).message : null
        return
      case 'log':
        return this.#parts.log(String(first), String(second), String(third))
      case 'closed':
        return this.#closed?.()
    }
  }

  #committed(mark: number): void {
    let count = 0
    for (const handed of this.#handed) {
      if (handed.mark > mark) break
      count++
    }
    for (const { waiting } of this.#handed.splice(0, count)) for (const call of waiting) call()
  }
}
