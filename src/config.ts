/** What the server is told at its start: flags > environment > defaults, checked by one schema. */
import { readFileSync } from 'node:fs'
import { availableParallelism, networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type BindAddress, formatAddress, isLoopback, parseBindAddress } from './lib/bind-address.ts'
import { type DataPaths, dataPaths } from './lib/data-paths.ts'
import type { LogFormat } from './lib/log-format.ts'

/** Actor workers that are started when nobody says how many. */
const WORKERS_DEFAULT_MAX = 4
/** More threads than this only cost memory. */
const WORKERS_MAX = 64
const IPV4_LOOPBACK = '127.0.0.1'
const IPV6_LOOPBACK = '::1'
const EXIT_USAGE = 2
/** EX_CONFIG of sysexits.h; systemd units name it in RestartPreventExitStatus. */
const EXIT_CONFIG = 78

export interface Config {
  /** Of the user. */
  readonly home: string
  readonly dataDir: string
  readonly paths: DataPaths
  readonly bind: BindAddress
  /** Asked of everybody who connects; null asks nothing. */
  readonly authToken: string | null
  readonly allowInsecureNoAuth: boolean
  readonly allowOtherUsers: boolean
  /** Origins of web pages that may connect besides our own, as a browser writes them: `https://host[:port]`. */
  readonly allowedOrigins: readonly string[]
  /** Names, in lower case, that a Host header may carry besides loopback names. */
  readonly allowedHosts: readonly string[]
  /** Actor workers; 0 runs everything in the main thread. */
  readonly workers: number
  readonly synchronous: 'normal' | 'full'
  /** Directories in which transcripts may be read. */
  readonly claudeDirs: readonly string[]
  /** The `claude` to run; null looks for one where the user may have installed it. */
  readonly claudeBin: string | null
  readonly underServiceManager: boolean
  readonly log: LogConfig
}

export interface LogConfig {
  /** As in `info,gateway=debug`. */
  readonly filter: string
  readonly format: LogFormat
  readonly truncateOnStart: boolean
  readonly runId: string
  readonly file: string
}

/** Values of the command line, as written there. */
export type ConfigFlags = { readonly [Name in SettingName]?: string | boolean | undefined }
export type Environment = Readonly<Record<string, string | undefined>>

export interface ConfigSources {
  readonly flags: ConfigFlags
  readonly env: Environment
  /** Home directory of the user. */
  readonly home: string
  /** Whether a person at a terminal started us; defaults to what standard input is. */
  readonly interactive?: boolean
}

/** A setting that cannot be used; `message` says which, why, and what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly exitCode: number

  constructor(message: string, exitCode = EXIT_USAGE) {
    super(message)
    this.exitCode = exitCode
  }
}

type SettingName = keyof typeof ENVIRONMENT

/** The variables that stand in for each flag, first one first. */
const ENVIRONMENT = {
  dataDir: ['ORBITDOCK_DATA_DIR'],
  bind: ['ORBITDOCK_BIND_ADDR'],
  authToken: ['ORBITDOCK_AUTH_TOKEN'],
  allowInsecureNoAuth: ['ORBITDOCK_ALLOW_INSECURE_NO_AUTH'],
  allowOtherUsers: ['ORBITDOCK_ALLOW_OTHER_USERS'],
  allowedOrigins: ['ORBITDOCK_ALLOWED_ORIGINS'],
  allowedHosts: ['ORBITDOCK_ALLOWED_HOSTS'],
  workers: ['ORBITDOCK_WORKERS'],
  synchronous: ['ORBITDOCK_SYNCHRONOUS'],
  logFilter: ['ORBITDOCK_SERVER_LOG_FILTER', 'RUST_LOG'],
  logFormat: ['ORBITDOCK_SERVER_LOG_FORMAT'],
  truncateLog: ['ORBITDOCK_TRUNCATE_SERVER_LOG_ON_START'],
  runId: ['ORBITDOCK_SERVER_RUN_ID'],
  claudeDir: ['CLAUDE_CONFIG_DIR'],
  claudeBin: ['ORBITDOCK_CLAUDE_BIN', 'CLAUDE_BIN'],
  codexDir: ['CODEX_HOME'],
} as const satisfies Record<string, readonly string[]>

const Switch = z.preprocess(
  (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  z.union([z.boolean(), z.stringbool({ truthy: ['1', 'true', 'yes', 'on'], falsy: ['0', 'false', 'no', 'off'] })], {
    error: 'is neither on nor off. Write 1 or 0.',
  }),
)

const List = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''))
  .default([])

const Origin = z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/[^/\s*]+\/?$/i, {
  error: 'holds something that is not an origin. Write https://dock.example.com, with the scheme and without a path.',
})

const Host = z.string().regex(/^[a-z0-9.:_[\]-]+$/i, {
  error: 'holds something that is not a host name. Write dock.example.com, without a scheme or path.',
})

const Settings = z.object({
  dataDir: z.string(),
  bind: z.string().transform((text, context) => {
    const address = parseBindAddress(text)
    if (address !== null) return address
    context.addIssue('is not an IP address with a port. Write 127.0.0.1:4000, 0.0.0.0:4000 or [::1]:4000.')
    return z.NEVER
  }),
  authToken: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'may hold only printable characters without spaces.' })
    .nullable()
    .default(null),
  allowInsecureNoAuth: Switch.default(false),
  allowOtherUsers: Switch.default(false),
  allowedOrigins: List.pipe(z.array(Origin.transform((origin) => origin.toLowerCase().replace(/\/$/, '')))),
  allowedHosts: List.pipe(z.array(Host.toLowerCase())),
  workers: z
    .stringFormat('number of workers', /^\d{1,9}$/, { error: `is not a number from 0 to ${WORKERS_MAX}.` })
    .transform(Number)
    .pipe(z.number().max(WORKERS_MAX, { error: `is not a number from 0 to ${WORKERS_MAX}.` }))
    .optional(),
  synchronous: z.enum(['normal', 'full'], { error: 'is neither "normal" nor "full".' }).default('normal'),
  logFilter: z.string().default('info'),
  logFormat: z.enum(['json', 'pretty'], { error: 'is neither "json" nor "pretty".' }).default('json'),
  truncateLog: Switch.default(false),
  runId: z.string().optional(),
  claudeDir: z.string(),
  claudeBin: z.string().nullable().default(null),
  codexDir: z.string(),
})

/**
 * Reads and checks every setting. Blank values count as not set; relative paths are made absolute.
 * Beyond loopback the token of the data directory stands in for one that is not given.
 * Throws ConfigError, naming the setting and where it was written.
 */
export function resolveConfig({ flags, env, home, interactive = process.stdin.isTTY === true }: ConfigSources): Config {
  const settings = readSettings({ flags, env, home })
  const dataDir = expand(settings.dataDir, home)
  const paths = dataPaths(dataDir)
  return {
    home,
    dataDir,
    paths,
    bind: settings.bind,
    authToken: settings.authToken ?? tokenOfDataDir(settings, paths),
    allowInsecureNoAuth: settings.allowInsecureNoAuth,
    allowOtherUsers: settings.allowOtherUsers,
    allowedOrigins: settings.allowedOrigins,
    allowedHosts: settings.allowedHosts,
    workers: settings.workers ?? Math.min(Math.max(availableParallelism() - 1, 1), WORKERS_DEFAULT_MAX),
    synchronous: settings.synchronous,
    claudeDirs: [
      ...new Set([settings.claudeDir, join(home, '.claude'), settings.codexDir].map((path) => expand(path, home))),
    ],
    claudeBin: settings.claudeBin === null ? null : expand(settings.claudeBin, home),
    underServiceManager: !interactive && isServiceEnvironment(env),
    log: {
      filter: settings.logFilter,
      format: settings.logFormat,
      truncateOnStart: settings.truncateLog,
      runId: settings.runId ?? `pid-${process.pid}-${Date.now()}`,
      file: paths.logFile,
    },
  }
}

/** The data directory alone, for commands that need no other setting. */
export function resolveDataDir({ flags, env, home }: ConfigSources): string {
  const given = present(flags.dataDir) ?? present(env.ORBITDOCK_DATA_DIR)
  return expand(typeof given === 'string' ? given : defaults(home).dataDir, home)
}

/**
 * Where to listen in fact. Beyond loopback a token is wanted: without one this throws ConfigError (exit 78), except under a
 * service manager, which would restart us for ever: there it is loopback with a warning to be shown wherever people look.
 * Among the machine's `addresses`, ::1 stands in for a 127.0.0.1 that is missing.
 */
export function effectiveBind(
  config: Config,
  addresses: readonly string[] = localAddresses(),
): BindAddress & { readonly warning?: string } {
  const { bind } = config
  if (bind.host === IPV4_LOOPBACK && !addresses.includes(IPV4_LOOPBACK) && addresses.includes(IPV6_LOOPBACK)) {
    const there = { ...bind, host: IPV6_LOOPBACK }
    return { ...there, warning: `This machine has no ${IPV4_LOOPBACK}; listening on ${formatAddress(there)}.` }
  }
  if (isLoopback(bind.host) || config.authToken !== null || config.allowInsecureNoAuth) return bind
  const asked = formatAddress(bind)
  if (config.underServiceManager) {
    const warning = `Asked to listen on ${asked} without a token; listening on ${IPV4_LOOPBACK}:${bind.port} only. Run "orbitdock-server generate-token" and restart to be reachable from elsewhere.`
    return { host: IPV4_LOOPBACK, port: bind.port, warning }
  }
  throw new ConfigError(
    `Refusing to listen on ${asked} without a token: anybody who reaches this port could run commands as you.\n` +
      'Make a token with "orbitdock-server generate-token" and start again, or set ORBITDOCK_AUTH_TOKEN,\n' +
      'or pass --allow-insecure-no-auth if something else protects this port.',
    EXIT_CONFIG,
  )
}

/** IP addresses of this machine's interfaces; none where the system does not tell. */
function localAddresses(): readonly string[] {
  try {
    return Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address))
  } catch {
    return []
  }
}

/** The token that lies in the data directory; it counts beyond loopback only, since OrbitDock.app can present none. */
function tokenOfDataDir(
  { bind, allowInsecureNoAuth }: z.infer<typeof Settings>,
  { authToken }: DataPaths,
): string | null {
  if (isLoopback(bind.host) || allowInsecureNoAuth) return null
  try {
    return readFileSync(authToken, 'utf8').trim() || null
  } catch {
    return null
  }
}

function readSettings({ flags, env, home }: Pick<ConfigSources, 'flags' | 'env' | 'home'>): z.infer<typeof Settings> {
  const sources = new Map<PropertyKey, { readonly label: string; readonly value: string | boolean }>()
  for (const [name, variables] of Object.entries(ENVIRONMENT)) {
    const flag = present(flags[name as SettingName])
    const variable = variables.find((candidate) => present(env[candidate]) !== undefined)
    const value = flag ?? (variable && present(env[variable]))
    if (value === undefined) continue
    const label =
      flag === undefined ? `${variable}` : `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    sources.set(name, { label, value })
  }
  const given = Object.fromEntries([...sources].map(([name, { value }]) => [name, value]))
  const result = Settings.safeParse({ ...defaults(home), ...given })
  if (result.success) return result.data
  const lines = result.error.issues.map(({ path: [name = ''], message }) => {
    const source = sources.get(name)
    // A token is a secret even when it is malformed.
    return source && name !== 'authToken'
      ? `${source.label} "${source.value}" ${message}`
      : `${source?.label} ${message}`
  })
  throw new ConfigError(lines.join('\n'))
}

function defaults(home: string) {
  return {
    dataDir: join(home, '.orbitdock'),
    bind: '127.0.0.1:4000',
    claudeDir: join(home, '.claude'),
    codexDir: join(home, '.codex'),
  }
}

/** The value without surrounding blanks, or undefined when nothing is left. */
function present(value: string | boolean | undefined): string | boolean | undefined {
  return typeof value === 'string' ? value.trim() || undefined : value
}

function expand(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(path)
}

/** systemd sets INVOCATION_ID; launchd sets XPC_SERVICE_NAME, but also in a Mac's terminals ("0") and apps ("application.…"). */
function isServiceEnvironment(env: Environment): boolean {
  const xpc = env.XPC_SERVICE_NAME ?? ''
  return Boolean(env.INVOCATION_ID) || (xpc !== '' && xpc !== '0' && !xpc.startsWith('application.'))
}
