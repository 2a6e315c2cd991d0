/** Words for a POSIX shell. */

const PLAIN = /^[\w@%+=:,./-]+$/

/** One word of a command line; quoted only when a shell would read it as something else. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : shellQuote(text)
}

/** Any text as one word, always in single quotes. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
