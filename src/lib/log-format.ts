/** How a log record is written. */

export type LogFormat = 'json' | 'pretty'
