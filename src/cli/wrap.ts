/** Text in a column. */

/** Lines of at most `columns`, except where a word is longer; `[env: NAME]` stays whole. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.match(/\[[^\]]*\]|\S+/g) ?? []) {
    const joined = `${lines.at(-1) ?? ''} ${word}`.trim()
    if (lines.length > 0 && joined.length <= columns) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  return lines
}
