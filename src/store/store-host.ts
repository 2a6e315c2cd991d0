/** Serves a port with the writing side of the store, in a thread of its own or in any other. */
import type { Log, LogFields } from '../lib/log.ts'
import type { Cells, Port } from '../lib/port.ts'
import { openDatabase } from './open-database.ts'
import { restore } from './restore.ts'
import { asStorageError, storageProblem } from './storage-error.ts'
import type { FromStore, StoreOptions, ToStore } from './store-letters.ts'
import { StoreWriter } from './store-writer.ts'

type Post = (letter: FromStore) => void

/** Answers the letters of `store-letters.ts` that arrive at `port`; the other end closes it. */
export function runStoreHost(port: Port): void {
  const post: Post = (letter) => port.post(letter)
  const log = letterLog(post)
  let writer: StoreWriter | undefined
  port.onMessage((cells: Cells) => {
    const letter = cells as unknown as ToStore
    switch (letter[0]) {
      case 'open':
        writer = open(JSON.parse(letter[1]), letter[2] === 0, post, log)
        break
      case 'rows':
        writer?.write(letter[1], letter.slice(2) as string[])
        break
      case 'ping':
        post(['pong', letter[1]])
        break
      case 'close':
        writer?.close()
        writer = undefined
        post(['closed'])
        break
    }
  })
}

/**
 * The first thread of a process repairs what the last process left. A later one finds live sessions and repairs nothing;
 * when it cannot open the database it ends, so that another one tries again.
 */
function open(options: StoreOptions, first: boolean, post: Post, log: Log): StoreWriter | undefined {
  try {
    const writer = openWriter(options, first, post, log)
    if (!first) post(['storage', 'recovered', '{}'])
    return writer
  } catch (error) {
    const problem = storageProblem(asStorageError(error, options.path))
    post(first ? ['failed', problem] : ['storage', 'failed', problem])
    if (first) return undefined
    throw error
  }
}

function openWriter({ path, ...options }: StoreOptions, first: boolean, post: Post, log: Log): StoreWriter {
  const db = openDatabase(path, { ...options, log })
  try {
    post(['opened', JSON.stringify(first ? restore(db, Date.now()) : {})])
  } catch (error) {
    db.close(true)
    throw error
  }
  return new StoreWriter({
    db,
    path,
    log,
    committed: (mark) => post(['committed', mark]),
    failed: (error) => post(['storage', 'failed', storageProblem(error)]),
    recovered: () => post(['storage', 'recovered', '{}']),
  })
}

function letterLog(post: Post): Log {
  const at =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (event: string, fields: LogFields = {}) =>
      post(['log', level, event, JSON.stringify(fields)])
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}
