/** One thing that the doctor has looked at. */

export interface Finding {
  /** Stable, in snake_case: what programs look at. */
  readonly id: string
  /** `warn` works, but not as it could; `fail` does not work. */
  readonly status: 'ok' | 'warn' | 'fail'
  readonly text: string
  /** What to do; null where there is nothing to do. */
  readonly fix: string | null
}

export function ok(id: string, text: string): Finding {
  return { id, status: 'ok', text, fix: null }
}

export function warn(id: string, text: string, fix: string | null = null): Finding {
  return { id, status: 'warn', text, fix }
}

export function fail(id: string, text: string, fix: string | null = null): Finding {
  return { id, status: 'fail', text, fix }
}
