/** Shortening of texts for one line, by characters as people see them. */

/** The text itself when it fits, else its first characters and `…`, `max` characters together; never half a character. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  const end = max - 1
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1))
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`
}
