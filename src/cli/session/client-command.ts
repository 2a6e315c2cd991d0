/** What all session commands share: where to connect, whether to write JSON, and how to fail. */
import { shellWord } from '../../install/shell-quote.ts'
import { CliError, EXIT } from '../cli-error.ts'
import { LiveClient } from '../live-client.ts'
import { resolveTarget, type Target } from '../target.ts'
import { complain, print } from '../terminal.ts'
import { jsonLine } from '../terminal-text.ts'

/** Values of `clientOptions`. */
export interface ClientArguments {
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly config?: string | undefined
  readonly 'data-dir'?: string | undefined
  readonly json?: boolean | undefined
}

export interface ClientContext {
  readonly target: Target
  /** Whether a program reads the output. */
  readonly json: boolean
  /** A command line for a person to copy, which reaches the same server as this one. */
  readonly commandLine: (...words: readonly string[]) => string
}

/** Runs `work`; a CliError becomes a line on standard error, or in JSON an object on standard output. */
export async function runClientCommand(
  given: ClientArguments,
  work: (context: ClientContext) => Promise<number | undefined>,
): Promise<number> {
  endWhenNobodyReads()
  const json = given.json ?? process.stdout.isTTY !== true
  try {
    const { server, token, config, 'data-dir': dataDir } = given
    const target = await resolveTarget({ server, token, config, dataDir })
    const flags = [...(server ? ['--server', server] : []), ...(dataDir ? ['--data-dir', dataDir] : [])]
    const commandLine = (...words: readonly string[]) =>
      ['orbitdock-server', ...words, ...flags].map(shellWord).join(' ')
    return (await work({ target, json, commandLine })) ?? EXIT.ok
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    if (json) print(jsonLine({ error: true, code: error.code, message: error.message }))
    else complain(`error: ${error.message}`)
    return error.exitCode
  }
}

/** As `runClientCommand`, with one connection that ends with the work. */
export function runWithClient(
  given: ClientArguments,
  work: (context: ClientContext & { readonly client: LiveClient }) => Promise<number | undefined>,
): Promise<number> {
  return runClientCommand(given, async (context) => {
    const client = await LiveClient.connect(context.target)
    try {
      return await work({ ...context, client })
    } finally {
      client.close()
    }
  })
}

/** `session watch | head` ends with `head`. */
function endWhenNobodyReads(): void {
  process.stdout.on('error', () => process.exit(EXIT.ok))
}
