/** Runs one command of the product to its end, as a shell would. */
import { serverCommand } from './test-server.ts'
import { within } from './within.ts'

export interface CliRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  /** Stands in for the user's home directory. */
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

const PATIENCE_MS = 20_000

/** The exit code and what was printed; no terminal is attached. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const { stdin = '' } = options
  const child = Bun.spawn([...serverCommand(), ...args], {
    env: cliEnvironment(options),
    cwd: options.home,
    stdin: new Blob([stdin]),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const outcome = Promise.all([child.exited, child.stdout.text(), child.stderr.text()])
  const [code, stdout, stderr] = await within(PATIENCE_MS, outcome, () => {
    child.kill('SIGKILL')
    return `\`${args.join(' ')}\` hangs`
  })
  return { code, stdout, stderr }
}

/** The environment of a command: nothing of ours but PATH. */
export function cliEnvironment({ home, env }: CliOptions): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, ...env }
}
