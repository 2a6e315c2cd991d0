/** Serves a port with the writing side of the store, in a thread of its own or in any other. */
import type { Log, LogFields } from '../lib/log.ts'
import type { Cells, Port } from '../lib/port.ts'
import { openDatabase } from './open-database.ts'
import { restore } from './restore.ts'
import { asStorageError } from './storage-error.ts'
import type { FromStore, StoreOptions, ToStore } from './store-letters.ts'
import { StoreWriter } from './store-writer.ts'

/** Answers the letters of `store-letters.ts` that arrive at `port`; the other end closes it. */
export function runStoreHost(port: Port): void {
  let writer: StoreWriter | undefined
  const post = (letter: FromStore) => port.post(letter)
  const log = letterLog(post)
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

function open(
  options: StoreOptions,
  first: boolean,
  post: (letter: FromStore) => void,
  log: Log,
): StoreWriter | undefined {
  const { path } = options
  try {
    const db = openDatabase(path, { ...options, log })
    const report = first ? restore(db, Date.now()) : {}
    post(['opened', JSON.stringify(report)])
    return new StoreWriter({
      db,
      path,
      log,
      committed: (mark) => post(['committed', mark]),
      failed: ({ fault, message }) => post(['storage', 'failed', JSON.stringify({ fault, message })]),
      recovered: () => post(['storage', 'recovered', '{}']),
    })
  } catch (error) {
    const { fault, message } = asStorageError(error, path)
    post(['failed', JSON.stringify({ fault, message })])
    return undefined
  }
}

function letterLog(post: (letter: FromStore) => void): Log {
  const at =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (event: string, fields: LogFields = {}) =>
      post(['log', level, event, JSON.stringify(fields)])
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}
