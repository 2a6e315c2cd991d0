/** Reads cells of rows that somebody else may have written: every function is total and never throws. */

/** Text, or null for NULL; numbers count as their text. */
export function text(cell: unknown): string | null {
  if (typeof cell === 'string') return cell
  return typeof cell === 'number' ? String(cell) : null
}

/** A whole number from 0; 0 for anything else. */
export function count(cell: unknown): number {
  return typeof cell === 'number' && cell > 0 && Number.isFinite(cell) ? Math.trunc(cell) : 0
}

/** An amount of at least 0; null for anything else. */
export function amount(cell: unknown): number | null {
  return typeof cell === 'number' && cell >= 0 && Number.isFinite(cell) ? cell : null
}

/** True for 1 and its like. */
export function flag(cell: unknown): boolean {
  return typeof cell === 'number' && cell !== 0
}

/** One of a few words; `otherwise` for anything else. */
export function word<Word extends string>(cell: unknown, words: readonly Word[], otherwise: Word): Word {
  return words.includes(cell as Word) ? (cell as Word) : otherwise
}

/** A JSON array of texts; null for anything else. */
export function texts(cell: unknown): readonly string[] | null {
  const value = json(cell)
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null
}

/** The parsed JSON of a cell; undefined when there is none. */
export function json(cell: unknown): unknown {
  if (typeof cell !== 'string') return undefined
  try {
    return JSON.parse(cell)
  } catch {
    return undefined
  }
}
