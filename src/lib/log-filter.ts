/** Which records are kept, in the words of Rust's `RUST_LOG`: `info,gateway=debug,tower_http=off`. */
import type { LogLevel } from './log.ts'

/** Says whether a record of this level and target is written. */
export type LogFilter = (level: LogLevel, target: string) => boolean

const LEVELS: readonly string[] = ['off', 'error', 'warn', 'info', 'debug', 'trace']
/** Every target of ours begins with it, so that `orbitdock_server=debug` means all of them. */
const CRATE = 'orbitdock_server'

/**
 * Reads a filter. The most specific directive wins; targets match with and without the name of the program in front.
 * What cannot be read is passed over, since a wrong filter is no reason not to start.
 */
export function parseLogFilter(text: string): LogFilter {
  const directives = text
    .split(',')
    .map(readDirective)
    .filter((directive) => directive !== null)
    .sort((one, other) => other.target.length - one.target.length)
  return (level, target) => {
    const decisive = directives.find((directive) => covers(directive.target, target))
    return LEVELS.indexOf(level) <= (decisive?.rank ?? -1)
  }
}

/** The full name of a component's records. */
export function logTarget(component: string | undefined): string {
  return component ? `${CRATE}::${component}` : CRATE
}

function readDirective(text: string): { readonly target: string; readonly rank: number } | null {
  const [head = '', level = ''] = text.split('=').map((part) => part.trim().toLowerCase())
  if (head === '' || head.includes('[')) return null
  const rank = LEVELS.indexOf(head)
  if (level === '' && rank >= 0) return { target: '', rank }
  const target = head === CRATE || head.startsWith(`${CRATE}::`) ? head : `${CRATE}::${head}`
  const named = level === '' ? LEVELS.length - 1 : LEVELS.indexOf(level)
  return named < 0 ? null : { target, rank: named }
}

function covers(directive: string, target: string): boolean {
  return directive === '' || target === directive || target.startsWith(`${directive}::`)
}
