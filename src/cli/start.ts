/** `start`: serves until it is told to stop. */
import { homedir } from 'node:os'
import { defineCommand } from 'citty'
import { type Config, ConfigError, type ConfigFlags, effectiveBind, resolveConfig } from '../config.ts'
import { CliError, EXIT } from './cli-error.ts'
import { serveOptions } from './options.ts'
import { stopSignal } from './stop-signal.ts'
import { complain, print } from './terminal.ts'

/** Longest that something left open may keep the process after a clean stop. */
const LINGER_MS_MAX = 1_000

export const start = defineCommand({
  meta: { name: 'start', description: 'Serve; also what happens when no command is named' },
  args: serveOptions,
  run: ({ args }) =>
    serve({
      dataDir: args['data-dir'],
      bind: args.bind,
      authToken: args['auth-token'],
      allowInsecureNoAuth: args['allow-insecure-no-auth'],
      allowOtherUsers: args['allow-other-users'],
      allowedOrigins: args['allowed-origins'],
      allowedHosts: args['allowed-hosts'],
      workers: args.workers,
      synchronous: args.synchronous,
    }),
})

/** Serves until SIGINT or SIGTERM; a second signal ends the process at once. */
async function serve(flags: ConfigFlags): Promise<number> {
  const config = readConfig(flags)
  await warnOfSudo(config)
  const signal = stopSignal()
  const { startServer } = await import('../server.ts')
  const server = await startServer(config).catch(async (error) => {
    const { explainStartFailure } = await import('./start-failure.ts')
    throw await explainStartFailure(error, config)
  })
  if (process.stdout.isTTY) print(`OrbitDock serves at ${server.url} (Ctrl-C stops it).`)
  const cause = await Promise.race([signal, server.failed])
  await server.stop(cause instanceof Error ? 'failed' : cause)
  setTimeout(() => process.exit(), LINGER_MS_MAX).unref()
  if (!(cause instanceof Error)) return EXIT.ok
  throw new CliError('server_failed', `The server failed: ${cause.message}\nThe log says more: ${config.log.file}`)
}

async function warnOfSudo(config: Config): Promise<void> {
  if (!process.env.SUDO_UID) return
  const [{ checkSudo }, { explainStartFailure }] = await Promise.all([
    import('../install/sudo.ts'),
    import('./start-failure.ts'),
  ])
  try {
    const warning = checkSudo({ dataDir: config.dataDir, env: process.env })
    if (warning) complain(warning)
  } catch (error) {
    throw await explainStartFailure(error, config)
  }
}

function readConfig(flags: ConfigFlags): Config {
  try {
    const config = resolveConfig({ flags, env: process.env, home: homedir() })
    const { warning } = effectiveBind(config)
    if (warning) complain(`warning: ${warning}`)
    return config
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError('config', error.message, error.exitCode)
    throw error
  }
}
