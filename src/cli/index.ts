/** The command line: finds the command, checks what it was given, runs it, and turns what happens into an exit code. */
import { type ArgsDef, type CommandDef, defineCommand, runCommand } from 'citty'
import { version } from '../lib/version.ts'
import { asksFor, checkArguments, locateCommand } from './arguments.ts'
import { CliError, EXIT, UsageError } from './cli-error.ts'
import { showHelp } from './help.ts'
import { clientOptions, dataDirOption, serveOptions } from './options.ts'
import { complain, print } from './terminal.ts'

const PROGRAM = 'orbitdock-server'
const rootOptions: ArgsDef = {
  ...dataDirOption,
  version: { type: 'boolean', alias: 'V', description: 'Show the version' },
}

/** Every command is loaded when it is called, so that none pays for another. */
const root: CommandDef = defineCommand({
  meta: { name: PROGRAM, description: 'Mission control for AI coding agents' },
  args: rootOptions,
  subCommands: {
    start: async () => (await import('./start.ts')).start,
    init: async () => (await import('./init.ts')).init,
    'install-hooks': async () => (await import('./install-hooks.ts')).installHooksCommand,
    'install-service': async () => (await import('./install-service.ts')).installServiceCommand,
    status: async () => (await import('./status.ts')).status,
    doctor: async () => (await import('./doctor/doctor.ts')).doctor,
    'generate-token': async () => (await import('./generate-token.ts')).generateTokenCommand,
    session: async () => (await import('./session/index.ts')).session,
  },
})

/** Runs one command line (without the program's name) to its end; answers the exit code of the process. */
export async function runCli(words: readonly string[]): Promise<number> {
  try {
    if (asksFor(words, 'version')) {
      print(`${PROGRAM} ${version}`)
      return EXIT.ok
    }
    const located = await locateCommand(root, words, { ...serveOptions, ...clientOptions })
    if (located.wantsHelp) {
      await showHelp(located)
      return EXIT.ok
    }
    await checkArguments(located)
    const { result } = await runCommand(located.command, { rawArgs: [...located.words] })
    return typeof result === 'number' ? result : EXIT.ok
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    complain(`error: ${error.message}`)
    complain(`Try "${error.command} --help".`)
    return EXIT.usage
  }
  if (error instanceof CliError) {
    complain(`error: ${error.message}`)
    return error.exitCode
  }
  complain(error instanceof Error ? `error: ${error.stack ?? error.message}` : `error: ${String(error)}`)
  return EXIT.failed
}
