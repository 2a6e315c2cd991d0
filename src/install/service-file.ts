/** What a service manager is told, as the text of its file. */
import { join } from 'node:path'
import type { DataPaths } from '../lib/data-paths.ts'
import { InstallError } from './install-error.ts'

export const LAUNCHD_LABEL = 'com.orbitdock.server'
export const SYSTEMD_UNIT = 'orbitdock-server.service'

/** How to run the server as a service. */
export interface Service {
  /** The program and its arguments. */
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly paths: DataPaths
}

/** A systemd unit; one of the system runs as the user with the number `uid`, one of a user's own manager needs none. */
export function systemdUnit({ command, environment }: Service, uid?: number): string {
  // systemd runs no program with such a name; env does.
  const [program = '', ...args] = /["'\\$]/.test(command[0] ?? '') ? ['/usr/bin/env', ...command] : command
  const start = [program, ...args].map((word) => systemdWord(word).replaceAll('$', '$$$$'))
  return [
    '[Unit]',
    'Description=OrbitDock Server',
    'After=network.target',
    '',
    '[Service]',
    'Type=simple',
    ...(uid === undefined ? [] : [`User=${uid}`]),
    `ExecStart=${start.join(' ')}`,
    ...Object.entries(environment).map(([name, value]) => `Environment=${systemdWord(`${name}=${value}`)}`),
    'UMask=0077',
    'KillMode=mixed',
    'Restart=on-failure',
    'RestartSec=5',
    '# Wrong options and settings do not get better by trying again.',
    'RestartPreventExitStatus=2 78',
    '',
    '[Install]',
    `WantedBy=${uid === undefined ? 'default.target' : 'multi-user.target'}`,
    '',
  ].join('\n')
}

/** A launchd property list for the agent of a user. */
export function launchdPlist({ command, environment, paths }: Service): string {
  const strings = (values: readonly string[]) => values.map((value) => `    <string>${xml(value)}</string>`).join('\n')
  const variables = Object.entries(environment)
    .map(([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>`)
    .join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LAUNCHD_LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${strings(command)}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardOutPath</key>
  <string>${xml(join(paths.logs, 'launchd-stdout.log'))}</string>
  <key>StandardErrorPath</key>
  <string>${xml(join(paths.logs, 'launchd-stderr.log'))}</string>
</dict>
</plist>
`
}

/** One word as systemd.service(5) and systemd.syntax(7) quote it; `%` would be a specifier. */
function systemdWord(text: string): string {
  const escaped = printable(text).replace(/["\\]/g, '\\$&').replaceAll('%', '%%')
  return /[\s"'\\;#]/.test(escaped) || escaped === '' ? `"${escaped}"` : escaped
}

function xml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
  return printable(text).replace(/[&<>]/g, (character) => entities[character] ?? character)
}

function printable(text: string): string {
  if (!/\p{Cc}/u.test(text)) return text
  throw new InstallError(`No service can be made with ${JSON.stringify(text)}: it holds a control character.`)
}
