/** What the main thread and the host of the store say to each other: flat arrays, a word first. */

export type ToStore =
  /**
   * Opens the database; the first letter, answered with `opened` or `failed`. Options are the JSON of `StoreOptions`;
   * `starts` counts earlier threads of this process: only the first repairs what the last process left.
   */
  | readonly ['open', options: string, starts: number]
  /** Encoded rows to write, in order; answered with `committed`. Marks grow from letter to letter. */
  | readonly ['rows', mark: number, ...rows: string[]]
  /** Answered with `pong` and the same number. */
  | readonly ['ping', number: number]
  /** Writes what waits, closes the database, and answers `closed`. */
  | readonly ['close']

export type FromStore =
  /** What was repaired, as JSON of `RestoreReport`. */
  | readonly ['opened', report: string]
  /** The database cannot serve; JSON of `{fault, message}`. */
  | readonly ['failed', problem: string]
  /** The rows of this mark, and of all before it, are on disk. */
  | readonly ['committed', mark: number]
  /** Nothing can be written for now; what was handed over is kept and tried again. JSON of `{fault, message}`. */
  | readonly ['storage', state: 'failed', problem: string]
  | readonly ['storage', state: 'recovered', problem: '{}']
  /** JSON of the fields. */
  | readonly ['log', level: 'error' | 'warn' | 'info' | 'debug', event: string, fields: string]
  | readonly ['pong', number: number]
  | readonly ['closed']

export interface StoreOptions {
  /** Of the database file. */
  readonly path: string
  readonly synchronous?: 'normal' | 'full'
  /** Of this product, for the name of a backup. */
  readonly version?: string
}
