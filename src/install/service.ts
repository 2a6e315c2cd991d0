/** Makes the server start by itself: a systemd unit on Linux, a launchd agent on a Mac. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { isLoopback, parseBindAddress } from '../lib/bind-address.ts'
import type { DataPaths } from '../lib/data-paths.ts'
import { replaceFile } from '../lib/replace-file.ts'
import type { Environment } from './claude-version.ts'
import { fileError, InstallError } from './install-error.ts'
import {
  callManager,
  commandLine,
  launchd,
  type ServiceManager,
  systemdSystem,
  systemdUser,
} from './service-manager.ts'
import { ensureToken } from './token.ts'

/** What the server reads from its environment besides its own settings; a service manager would give it next to nothing. */
const PASSED_ON = [
  'PATH',
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'CLAUDE_BIN',
  'ORBITDOCK_CLAUDE_BIN',
  'ORBITDOCK_CODEX_BIN',
] as const
const BIND_DEFAULT = '127.0.0.1:4000'
const READABLE = 0o644

export interface ServiceOptions {
  readonly paths: DataPaths
  readonly home: string
  readonly env: Environment
  readonly platform?: NodeJS.Platform | undefined
  /** A unit of the system, which runs without anybody logged in; as the owner of the data directory. Linux only. */
  readonly system?: boolean | undefined
}

export interface ServiceInstallOptions extends ServiceOptions {
  /** `IP:PORT`. */
  readonly bind?: string | undefined
  /** Starts the service now and at every login. */
  readonly enable?: boolean | undefined
  /** The program and its first arguments; this very one by default. */
  readonly program?: readonly string[] | undefined
}

/** Writes the service file and, with `enable`, starts the service anew. Returns the lines to print; throws InstallError. */
export function installService(options: ServiceInstallOptions): readonly string[] {
  const { paths, env, bind = BIND_DEFAULT, enable, program = ownProgram() } = options
  const address = parseBindAddress(bind)
  if (address === null) throw new InstallError(`"${bind}" is not an IP address with a port, such as ${BIND_DEFAULT}.`)
  const manager = managerFor(options)
  const text = manager.render({
    command: [...program, 'start', '--bind', bind, '--data-dir', paths.root],
    environment: Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] ? [[name, env[name]]] : []))),
    paths,
  })
  const lines = [store(manager, text, paths)]
  if (!isLoopback(address.host)) {
    ensureToken(paths)
    lines.push(`  Clients on other machines need the token in ${paths.authToken}`)
  }
  return [...lines, ...(enable ? start(manager, env) : howToStart(manager))]
}

function start({ reload, enable, note }: ServiceManager, env: Environment): readonly string[] {
  const warnings = callManager([...reload, ...enable], env)
  if (warnings.length > 0) return warnings
  return ['  Service enabled and started', ...(note ? [`  ${note}`] : [])]
}

function howToStart({ enable, note }: ServiceManager): readonly string[] {
  return [
    '  Start it with:',
    ...enable.filter(({ mayFail }) => !mayFail).map(({ command }) => `    ${commandLine(command)}`),
    ...(note ? [`  ${note}`] : []),
  ]
}

/** Stops the service and removes its file. Returns the lines to print; throws InstallError. */
export function uninstallService(options: ServiceOptions): readonly string[] {
  const manager = managerFor(options)
  if (!existsSync(manager.file)) return [`  No service installed at ${manager.file}`]
  const warnings = callManager(manager.disable, options.env)
  try {
    rmSync(manager.file)
  } catch (error) {
    throw fileError('remove', manager.file, error)
  }
  callManager(manager.reload, options.env)
  return [...warnings, `  Removed ${manager.file}`]
}

/** Where the service of this user is kept, installed or not; null where there are no services. */
export function serviceFileOf(options: ServiceOptions): string | null {
  return ['linux', 'darwin'].includes(options.platform ?? process.platform) ? managerFor(options).file : null
}

/** How to start this very program again: the compiled binary, or Bun with the file it runs. */
function ownProgram(): readonly string[] {
  return Bun.main.startsWith('/$bunfs/') ? [process.execPath] : [process.execPath, Bun.main]
}

function managerFor({ paths, home, env, system, platform = process.platform }: ServiceOptions): ServiceManager {
  if (platform === 'linux') return system ? systemdSystem(ownerOf(paths.root)) : systemdUser(home, env)
  if (platform !== 'darwin') throw new InstallError(`Services can be installed on Linux and macOS, not on ${platform}.`)
  if (system) throw new InstallError('A service of the whole system can be installed on Linux only.')
  return launchd(home)
}

function ownerOf(directory: string): number {
  const owner = statSync(directory, { throwIfNoEntry: false })?.uid
  if (owner !== undefined) return owner
  throw new InstallError(
    `There is no ${directory}. Run "orbitdock-server init" first, as the user it is for; name their directory with --data-dir.`,
  )
}

function store({ file, needsLogs }: ServiceManager, text: string, paths: DataPaths): string {
  try {
    if (needsLogs) mkdirSync(paths.logs, { recursive: true, mode: 0o700 })
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return `  Nothing to change in ${file}`
    mkdirSync(dirname(file), { recursive: true })
    replaceFile(file, text, READABLE)
    return `  Service file written to ${file}`
  } catch (error) {
    throw fileError('write', file, error)
  }
}
