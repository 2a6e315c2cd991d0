/** The service managers: where they keep their files, and how they are told to start and stop. */
import { join } from 'node:path'
import type { Environment } from './claude-version.ts'
import { InstallError } from './install-error.ts'
import { LAUNCHD_LABEL, launchdPlist, type Service, SYSTEMD_UNIT, systemdUnit } from './service-file.ts'
import { shellWord } from './shell-quote.ts'

/** A command line for the manager; failures of one that `mayFail` say nothing. */
export interface ManagerCall {
  readonly command: readonly string[]
  readonly mayFail?: boolean
  /** Where the manager's program does not exist there is nothing to stop. */
  readonly mayBeMissing?: boolean
}

export interface ServiceManager {
  readonly file: string
  render(service: Service): string
  /** After the file has changed or has gone. */
  readonly reload: readonly ManagerCall[]
  readonly enable: readonly ManagerCall[]
  readonly disable: readonly ManagerCall[]
  /** What a person should know about such a service. */
  readonly note?: string
  /** Makes the log files in the data directory, but not their directory. */
  readonly needsLogs?: boolean
}

export function systemdUser(home: string, env: Environment): ServiceManager {
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(home, '.config')
  const file = join(config, 'systemd/user', SYSTEMD_UNIT)
  return {
    ...systemd(file, ['systemctl', '--user'], (service) => systemdUnit(service)),
    note: 'It ends when you log out, unless "loginctl enable-linger" was run once.',
  }
}

/** `uid` is the number of the user that the service runs as. */
export function systemdSystem(uid: number): ServiceManager {
  return systemd(join('/etc/systemd/system', SYSTEMD_UNIT), ['systemctl'], (service) => systemdUnit(service, uid))
}

export function launchd(home: string): ServiceManager {
  const file = join(home, 'Library/LaunchAgents', `${LAUNCHD_LABEL}.plist`)
  const unload = { command: ['launchctl', 'unload', file], mayFail: true }
  return {
    file,
    needsLogs: true,
    render: launchdPlist,
    reload: [],
    enable: [unload, { command: ['launchctl', 'load', '-w', file] }],
    disable: [unload],
  }
}

function systemd(file: string, systemctl: readonly string[], render: (service: Service) => string): ServiceManager {
  return {
    file,
    render,
    reload: [{ command: [...systemctl, 'daemon-reload'], mayFail: true }],
    // `restart`, because the program behind an unchanged unit may be a new one.
    enable: [{ command: [...systemctl, 'enable', SYSTEMD_UNIT] }, { command: [...systemctl, 'restart', SYSTEMD_UNIT] }],
    disable: [{ command: [...systemctl, 'disable', '--now', SYSTEMD_UNIT], mayBeMissing: true }],
  }
}

/** Milliseconds for one call; stopping a server that has much to store takes a while. */
const CALL_MS_MAX = 60_000
/** Lines of what a failed call said that are passed on. */
const COMPLAINT_LINES_MAX = 3

/**
 * Makes the calls in order until one fails. Returns the warning to print then.
 * Throws InstallError when the manager's program does not exist.
 */
export function callManager(calls: readonly ManagerCall[], env: Environment): readonly string[] {
  for (const { command, mayFail, mayBeMissing } of calls) {
    const [program = '', ...args] = command
    const path = Bun.which(program, { PATH: env.PATH ?? '' })
    if (path === null && (mayFail || mayBeMissing)) continue
    if (path === null) throw new InstallError(`There is no ${program} here, so the service cannot be started with it.`)
    const { success, stdout, stderr } = Bun.spawnSync([path, ...args], {
      env: { ...env },
      stdin: 'ignore',
      timeout: CALL_MS_MAX,
    })
    // launchctl leaves with 0 after "Load failed: 5: Input/output error".
    if (mayFail || (success && !/\bfailed\b/i.test(`${stderr}`))) continue
    const said = `${stderr}${stdout}`.trim().split('\n').slice(0, COMPLAINT_LINES_MAX)
    return [`  warning: "${commandLine(command)}" failed:`, ...said.map((line) => `    ${line}`)]
  }
  return []
}

/** A command as a person would type it. */
export function commandLine(command: readonly string[]): string {
  return command.map(shellWord).join(' ')
}
