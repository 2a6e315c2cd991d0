/** The logging contract: events with a name and fields. Contents of conversations never appear in either. */

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace'
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Log {
  error(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  debug(event: string, fields?: LogFields): void
}

/** A log that keeps nothing. */
export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} }
