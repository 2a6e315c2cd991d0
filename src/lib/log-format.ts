/** How one log record is written: a JSON line for machines, or a short one for people. */
import { harmlessJson } from './harmless-json.ts'
import type { LogFields, LogLevel } from './log.ts'
import { logTarget } from './log-filter.ts'
import { shorten } from './shorten.ts'

export type LogFormat = 'json' | 'pretty'

export interface LogRecord {
  /** Unix milliseconds. */
  readonly at: number
  readonly level: LogLevel
  readonly event: string
  readonly fields: LogFields
}

/** Characters of one field; errors of others may be long. */
const LOG_FIELD_CHARS_MAX = 2_000
const SERVICE = 'orbitdock-server'

/** Makes the formatter of one run of the program; each line ends with a newline. */
export function logFormatter(format: LogFormat, runId: string): (record: LogRecord) => string {
  if (format === 'pretty') return prettyLine
  const span = { name: 'orbitdock_server', service: SERVICE, run_id: runId }
  return (record) => jsonLine(record, span)
}

function jsonLine({ at, level, event, fields }: LogRecord, span: Readonly<Record<string, string>>): string {
  const own = { timestamp: timestamp(at), level: level.toUpperCase(), event }
  const component = typeof fields.component === 'string' ? fields.component : undefined
  // Named twice: the first fixes the order of the keys, the second wins over a field of the same name.
  return `${harmlessJson(JSON.stringify({ ...own, ...shortened(fields), ...own, target: logTarget(component), span }))}\n`
}

function prettyLine({ at, level, event, fields }: LogRecord): string {
  const { component, message, ...rest } = shortened(fields)
  const words = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? quoteIfNeeded(value) : value}`)
  const head = `${timestamp(at)} ${level.toUpperCase().padStart(5)} ${component ? `${component}: ` : ''}${event}`
  const said = typeof message === 'string' ? [quoteIfNeeded(message)] : []
  return `${[head, ...said, ...words].join(' ')}\n`
}

/** RFC 3339 with six digits, of which the clock gives three. */
function timestamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z')
}

/** The fields with long texts cut; the very same object when none is long. */
function shortened(fields: LogFields): LogFields {
  const isLong = (value: LogFields[string]) => typeof value === 'string' && value.length > LOG_FIELD_CHARS_MAX
  if (!Object.values(fields).some(isLong)) return fields
  const cut = (value: LogFields[string]) => (typeof value === 'string' ? shorten(value, LOG_FIELD_CHARS_MAX) : value)
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cut(value)]))
}

/** Quoted when spaces or control characters would mislead a reader or a terminal. */
function quoteIfNeeded(value: string): string {
  return /^[^\s"\p{C}]+$/u.test(value) ? value : harmlessJson(JSON.stringify(value))
}
