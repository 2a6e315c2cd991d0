/** What a benchmark finds out: one number with its words, and the target it is held against. */

export interface Target {
  /** As shown: `≥ 0.15 of raw`. */
  readonly text: string
  readonly met: (value: number) => boolean
}

export interface Figure {
  readonly row: string
  readonly value: number
  /** The value with its unit, and what else helps to read it. */
  readonly text: string
  readonly target?: Target
}

export function atMost(limit: number, unit: string): Target {
  return { text: `≤ ${limit.toLocaleString('en')} ${unit}`, met: (value) => value <= limit }
}

export function atLeast(limit: number, unit: string): Target {
  return { text: `≥ ${limit.toLocaleString('en')} ${unit}`, met: (value) => value >= limit }
}

/** A count as people read it: `12,345`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}
