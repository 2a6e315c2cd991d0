/** What the commands that change the user's machine share: what they are told, how they speak and fail. */
import { homedir } from 'node:os'
import { type Environment, resolveDataDir } from '../config.ts'
import { type DataPaths, dataPaths } from '../lib/data-paths.ts'
import { CliError } from './cli-error.ts'
import { complain, print } from './terminal.ts'

export interface InstallContext {
  readonly paths: DataPaths
  readonly home: string
  readonly env: Environment
}

/** The user's machine, as far as such commands care. */
export function installContext(dataDir: string | undefined): InstallContext {
  const env = process.env
  const home = homedir()
  return { paths: dataPaths(resolveDataDir({ flags: { dataDir }, env, home })), home, env }
}

/**
 * Runs `work` and prints the lines it answers; its InstallError and StorageError become the command's failure.
 * What is for root to do, `asRoot`, may be done by sudo.
 */
export async function runInstallCommand(
  dataDir: string | undefined,
  work: (context: InstallContext) => readonly string[] | Promise<readonly string[]>,
  { asRoot = false } = {},
): Promise<void> {
  const { paths, home, env } = installContext(dataDir)
  try {
    const { checkSudo } = await import('../install/sudo.ts')
    const warning = asRoot ? null : checkSudo({ dataDir: paths.root, env })
    if (warning) complain(warning)
    for (const line of await work({ paths, home, env })) print(line)
  } catch (error) {
    if (error instanceof Error && EXPECTED.has(error.name)) throw new CliError('install_failed', error.message)
    throw error
  }
}

/** Errors that speak to a person; told by name, so that nothing heavy is loaded for them. */
const EXPECTED: ReadonlySet<string> = new Set(['InstallError', 'StorageError', 'DataDirLockedError'])
