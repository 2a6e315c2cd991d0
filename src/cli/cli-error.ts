/** How commands fail: with a sentence for a person, a code for a program, and an exit code for a shell. */

/** Exit codes; 78 comes with ConfigError. */
export const EXIT = {
  ok: 0,
  /** What was asked for cannot be done. */
  failed: 1,
  /** The command line could not be understood, or the server failed. */
  usage: 2,
  server: 2,
  /** No answer: not reachable, or not in time. */
  unreachable: 3,
} as const

export class CliError extends Error {
  override readonly name: string = 'CliError'
  /** Stable, in snake_case: what programs look at. */
  readonly code: string
  readonly exitCode: number

  constructor(code: string, message: string, exitCode: number = EXIT.failed) {
    super(message)
    this.code = code
    this.exitCode = exitCode
  }
}

/** The words of the command line do not fit the command. */
export class UsageError extends CliError {
  override readonly name = 'UsageError'
  /** The command, as it is called. */
  readonly command: string

  constructor(message: string, command: string) {
    super('usage', message, EXIT.usage)
    this.command = command
  }
}
