/** Service files, and what the service managers are told. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installService, type ServiceInstallOptions, uninstallService } from '../../src/install/service.ts'
import { systemdUnit } from '../../src/install/service-file.ts'
import { dataPaths } from '../../src/lib/data-paths.ts'
import { skipUnless } from '../support/skipped.ts'

/** A file name with everything that units, property lists and shells read as something else. */
const ODD = `it's "my" $HOME \\ %h; <&> #1`

let root: string
let options: ServiceInstallOptions
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'orbitdock-')))
  const home = join(root, 'home')
  options = {
    paths: dataPaths(join(home, '.orbitdock')),
    home,
    env: { PATH: join(root, 'bin'), CODEX_HOME: '/codex', SECRET: 'hidden' },
    platform: 'linux',
    program: ['/opt/orbitdock-server'],
  }
})
afterEach(() => rmSync(root, { recursive: true }))

const unitFile = () => join(options.home, '.config/systemd/user/orbitdock-server.service')
const plistFile = () => join(options.home, 'Library/LaunchAgents/com.orbitdock.server.plist')

/** Puts a program into the search path that notes its calls and leaves with `code`. */
function standIn(name: string, code = 0): () => string {
  mkdirSync(join(root, 'bin'), { recursive: true })
  const [path, log] = [join(root, 'bin', name), join(root, 'calls')]
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> '${log}'\necho "no bus" >&2\nexit ${code}\n`)
  chmodSync(path, 0o755)
  return () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
}

describe('a systemd unit', () => {
  test('runs this very program with the data directory and the search path of the caller, and no secret', () => {
    installService({ ...options, bind: '127.0.0.1:4999' })
    const unit = readFileSync(unitFile(), 'utf8')
    const start = `ExecStart=/opt/orbitdock-server start --bind 127.0.0.1:4999 --data-dir ${options.paths.root}\n`
    expect(unit).toContain(start)
    expect(unit).toContain(`Environment=PATH=${root}/bin\n`)
    expect(unit).toContain('Environment=CODEX_HOME=/codex\n')
    expect(unit).toContain('WantedBy=default.target\n')
    expect(unit).not.toContain('hidden')
    expect(unit).not.toContain('User=')
    expect(statSync(unitFile()).mode & 0o777).toBe(0o644)
  })

  test('starts the source by Bun when it is not compiled', () => {
    installService({ ...options, program: undefined })
    expect(readFileSync(unitFile(), 'utf8')).toContain(`ExecStart=${process.execPath} ${Bun.main} start --bind`)
  })

  test('quotes what systemd would take for something else', () => {
    const unit = systemdUnit({ command: [`/opt/${ODD}`, ODD], environment: { PATH: ODD }, paths: options.paths })
    expect(unit).toContain(
      String.raw`ExecStart=/usr/bin/env "/opt/it's \"my\" $$HOME \\ %%h; <&> #1" "it's \"my\" $$HOME \\ %%h; <&> #1"`,
    )
    expect(unit).toContain(String.raw`Environment="PATH=it's \"my\" $HOME \\ %%h; <&> #1"`)
    expect(() => systemdUnit({ command: ['/opt/a\nb'], environment: {}, paths: options.paths })).toThrow(
      'control character',
    )
  })

  test('of the system runs as the owner of the data directory', () => {
    const unit = systemdUnit({ command: ['/opt/x'], environment: {}, paths: options.paths }, 1234)
    expect(unit).toContain('\nUser=1234\n')
    expect(unit).toContain('WantedBy=multi-user.target\n')
    expect(() => installService({ ...options, system: true })).toThrow('init')
  })

  const analyze = Bun.which('systemd-analyze')
  test.skipIf(skipUnless(analyze !== null, 'a unit that systemd accepts: no systemd-analyze on this machine'))(
    'is one that systemd accepts',
    () => {
      const program = join(root, ODD)
      writeFileSync(program, '#!/bin/sh\n')
      chmodSync(program, 0o755)
      installService({ ...options, paths: dataPaths(join(root, `${ODD} data`)), program: [program, ODD] })
      const { stdout, stderr } = Bun.spawnSync([analyze ?? '', '--user', '--man=no', 'verify', unitFile()], {
        env: { ...process.env, XDG_RUNTIME_DIR: root },
      })
      const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('orbitdock'))
      expect(complaints).toEqual([])
    },
  )
})

describe('a launchd property list', () => {
  test('says what the app relies on, whatever the paths are called', () => {
    const paths = dataPaths(join(options.home, ODD))
    installService({ ...options, paths, platform: 'darwin', program: [`/opt/${ODD}`] })
    const text = readFileSync(plistFile(), 'utf8')
    expect(text).toContain('<key>Label</key>\n  <string>com.orbitdock.server</string>')
    for (const key of ['RunAtLoad', 'KeepAlive']) expect(text).toContain(`<key>${key}</key>\n  <true/>`)
    expect(Bun.XML.parse(text)).toMatchObject({
      plist: {
        dict: {
          array: { string: [`/opt/${ODD}`, 'start', '--bind', '127.0.0.1:4000', '--data-dir', paths.root] },
          dict: { key: ['PATH', 'CODEX_HOME'], string: [`${root}/bin`, '/codex'] },
          string: ['com.orbitdock.server', `${paths.logs}/launchd-stdout.log`, `${paths.logs}/launchd-stderr.log`],
        },
      },
    })
    expect(existsSync(paths.logs)).toBe(true)
  })
})

describe('install-service', () => {
  test('changes nothing the second time', () => {
    const [first] = installService(options)
    expect(first).toStartWith('  Service file written to ')
    expect(installService(options)[0]).toStartWith('  Nothing to change in ')
    expect(installService({ ...options, bind: '127.0.0.1:4001' })[0]).toBe(first)
  })

  test('starts the service anew: a new program may stand behind an unchanged unit', () => {
    const calls = standIn('systemctl')
    expect(installService({ ...options, enable: true })).toContain('  Service enabled and started')
    const unit = 'orbitdock-server.service'
    expect(calls()).toBe(
      `systemctl --user daemon-reload\nsystemctl --user enable ${unit}\nsystemctl --user restart ${unit}\n`,
    )
  })

  test('loads the agent of launchd anew', () => {
    const calls = standIn('launchctl')
    installService({ ...options, platform: 'darwin', enable: true })
    expect(calls()).toBe(`launchctl unload ${plistFile()}\nlaunchctl load -w ${plistFile()}\n`)
  })

  test('warns when the manager refuses, and fails when there is none', () => {
    expect(() => installService({ ...options, enable: true })).toThrow('There is no systemctl here')
    expect(existsSync(unitFile())).toBe(true)
    standIn('systemctl', 1)
    const lines = installService({ ...options, enable: true }).join('\n')
    expect(lines).toContain('warning: "systemctl --user enable orbitdock-server.service" failed:\n    no bus')
  })

  test('makes the token that clients on other machines need', () => {
    installService(options)
    expect(existsSync(options.paths.authToken)).toBe(false)
    expect(installService({ ...options, bind: '0.0.0.0:4000' }).join('\n')).toContain(options.paths.authToken)
    expect(statSync(options.paths.authToken).mode & 0o777).toBe(0o600)
    expect(readFileSync(unitFile(), 'utf8')).not.toContain(readFileSync(options.paths.authToken, 'utf8').trim())
  })

  test('says what is wrong with an address or a system', () => {
    expect(() => installService({ ...options, bind: 'localhost:4000' })).toThrow(
      '"localhost:4000" is not an IP address',
    )
    expect(() => installService({ ...options, platform: 'win32' })).toThrow('not on win32')
    expect(() => installService({ ...options, platform: 'darwin', system: true })).toThrow('Linux only')
  })

  test('is undone by --uninstall, once or twice', () => {
    const calls = standIn('systemctl')
    installService(options)
    expect(uninstallService(options)).toEqual([`  Removed ${unitFile()}`])
    expect(calls()).toBe('systemctl --user disable --now orbitdock-server.service\nsystemctl --user daemon-reload\n')
    expect(existsSync(unitFile())).toBe(false)
    expect(uninstallService(options)).toEqual([`  No service installed at ${unitFile()}`])
  })

  test('says so when it could not be stopped, and removes it all the same', () => {
    standIn('systemctl', 1)
    installService(options)
    expect(uninstallService(options)).toEqual([
      expect.stringContaining('disable --now orbitdock-server.service" failed:'),
      '    no bus',
      `  Removed ${unitFile()}`,
    ])
    expect(existsSync(unitFile())).toBe(false)
  })
})
