/** What a person sees: lines on standard output and standard error. */

// Whoever reads has seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

/** Writes one line for whoever asked. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Writes one line for a person, also when the output goes to a program. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Whether standard output is a terminal that wants colours (https://no-color.org). */
export function supportsColour(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}
