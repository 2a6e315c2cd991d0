import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, type ConfigSources, effectiveBind, resolveConfig, resolveDataDir } from '../src/config.ts'
import { temporaryHome } from './support/temporary-home.ts'

function configOf(flags: ConfigSources['flags'], env: ConfigSources['env'] = {}, interactive = true) {
  return resolveConfig({ flags, env, home: '/home/ada', interactive })
}

function refusalOf(work: () => unknown): ConfigError {
  try {
    work()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('sources', () => {
  test('everything has a default', () => {
    const config = configOf({})
    expect(config).toMatchObject({
      dataDir: '/home/ada/.orbitdock',
      bind: { host: '127.0.0.1', port: 4000 },
      authToken: null,
      allowInsecureNoAuth: false,
      allowOtherUsers: false,
      allowedOrigins: [],
      allowedHosts: [],
      synchronous: 'normal',
      claudeDirs: ['/home/ada/.claude', '/home/ada/.codex'],
      underServiceManager: false,
      log: { filter: 'info', format: 'json', truncateOnStart: false, file: '/home/ada/.orbitdock/logs/server.log' },
    })
    expect(config.workers).toBeWithin(1, 5)
    expect(config.log.runId).toMatch(new RegExp(`^pid-${process.pid}-\\d+$`))
  })

  test('a flag wins over a variable, and a variable over the default', () => {
    const env = { ORBITDOCK_BIND_ADDR: '127.0.0.1:5000', ORBITDOCK_WORKERS: '3' }
    expect(configOf({ bind: '127.0.0.1:6000' }, env)).toMatchObject({ bind: { port: 6000 }, workers: 3 })
  })

  test('a blank flag or variable counts as not given', () => {
    const config = configOf({ bind: '  ', authToken: '' }, { ORBITDOCK_BIND_ADDR: '', ORBITDOCK_AUTH_TOKEN: ' tok ' })
    expect(config).toMatchObject({ bind: { port: 4000 }, authToken: 'tok' })
  })

  test('every setting has its variable', () => {
    const config = configOf(
      {},
      {
        ORBITDOCK_DATA_DIR: '~/elsewhere',
        ORBITDOCK_BIND_ADDR: '[::1]:1',
        ORBITDOCK_AUTH_TOKEN: 'tok',
        ORBITDOCK_ALLOW_INSECURE_NO_AUTH: '1',
        ORBITDOCK_ALLOW_OTHER_USERS: 'Yes',
        ORBITDOCK_ALLOWED_ORIGINS: 'https://Dock.example.com/, http://10.0.0.2:3000',
        ORBITDOCK_ALLOWED_HOSTS: 'Dock.local other',
        ORBITDOCK_WORKERS: '0',
        ORBITDOCK_SYNCHRONOUS: 'full',
        ORBITDOCK_SERVER_LOG_FILTER: 'debug',
        ORBITDOCK_SERVER_LOG_FORMAT: 'pretty',
        ORBITDOCK_TRUNCATE_SERVER_LOG_ON_START: '1',
        ORBITDOCK_SERVER_RUN_ID: 'run-7',
        CLAUDE_CONFIG_DIR: '/srv/claude',
        CODEX_HOME: '/srv/codex',
      },
    )
    expect(config).toMatchObject({
      dataDir: '/home/ada/elsewhere',
      bind: { host: '::1', port: 1 },
      authToken: 'tok',
      allowInsecureNoAuth: true,
      allowOtherUsers: true,
      allowedOrigins: ['https://dock.example.com', 'http://10.0.0.2:3000'],
      allowedHosts: ['dock.local', 'other'],
      workers: 0,
      synchronous: 'full',
      claudeDirs: ['/srv/claude', '/home/ada/.claude', '/srv/codex'],
      log: { filter: 'debug', format: 'pretty', truncateOnStart: true, runId: 'run-7' },
    })
  })

  test('RUST_LOG is heard when our own variable is silent', () => {
    expect(configOf({}, { RUST_LOG: 'warn' }).log.filter).toBe('warn')
    expect(configOf({}, { RUST_LOG: 'warn', ORBITDOCK_SERVER_LOG_FILTER: 'error' }).log.filter).toBe('error')
  })

  test('the data directory can be asked for alone, even when another setting is wrong', () => {
    const sources = { env: { ORBITDOCK_BIND_ADDR: 'nonsense', ORBITDOCK_DATA_DIR: '/var/dock' }, home: '/home/ada' }
    expect(resolveDataDir({ flags: {}, ...sources })).toBe('/var/dock')
    expect(resolveDataDir({ flags: { dataDir: 'here' }, ...sources })).toBe(`${process.cwd()}/here`)
  })
})

describe('refusals', () => {
  const wrong: readonly (readonly [string, ConfigSources['flags'], ConfigSources['env'], RegExp])[] = [
    ['a host name to listen on', { bind: 'localhost:4000' }, {}, /^--bind "localhost:4000" .*Write 127\.0\.0\.1:4000/],
    ['a port alone', { bind: '4000' }, {}, /^--bind "4000"/],
    [
      'a port out of range',
      {},
      { ORBITDOCK_BIND_ADDR: '127.0.0.1:70000' },
      /^ORBITDOCK_BIND_ADDR "127\.0\.0\.1:70000"/,
    ],
    ['IPv6 without brackets', { bind: '::1:4000' }, {}, /\[::1\]:4000/],
    ['a negative number of workers', { workers: '-1' }, {}, /^--workers "-1"/],
    ['half a worker', { workers: '1.5' }, {}, /^--workers/],
    ['too many workers', { workers: '65' }, {}, /^--workers/],
    ['an unknown durability', { synchronous: 'off' }, {}, /neither "normal" nor "full"/],
    ['any web page', { allowedOrigins: '*' }, {}, /^--allowed-origins/],
    ['an origin with a path', { allowedOrigins: 'https://a.example/b' }, {}, /without a path/],
    ['a host with a scheme', { allowedHosts: 'https://a.example' }, {}, /without a scheme/],
    ['a switch that is neither on nor off', {}, { ORBITDOCK_ALLOW_OTHER_USERS: 'maybe' }, /neither on nor off/],
    ['an unknown log format', {}, { ORBITDOCK_SERVER_LOG_FORMAT: 'xml' }, /^ORBITDOCK_SERVER_LOG_FORMAT "xml"/],
  ]
  test.each(wrong)('%s is refused, naming where it was written', (_, flags, env, message) => {
    const error = refusalOf(() => configOf(flags, env))
    expect(error.message).toMatch(message)
    expect(error.exitCode).toBe(2)
  })

  test('all mistakes are told at once', () => {
    const { message } = refusalOf(() => configOf({ workers: 'many', bind: 'here' }))
    expect(message.split('\n')).toHaveLength(2)
  })

  test('a malformed token is not repeated', () => {
    const { message } = refusalOf(() => configOf({ authToken: 'my secret' }))
    expect(message).toStartWith('--auth-token may hold only')
    expect(message).not.toContain('secret')
  })
})

describe('beyond loopback', () => {
  const everywhere = { bind: '0.0.0.0:4000' }
  const service = { INVOCATION_ID: 'a1' }

  test('loopback needs no token', () => {
    for (const bind of ['127.0.0.1:4000', '127.1.2.3:4000', '[::1]:4000', '[::ffff:127.0.0.1]:4000']) {
      expect(effectiveBind(configOf({ bind }))).not.toHaveProperty('warning')
    }
  })

  test('without a token it is refused with EX_CONFIG', () => {
    for (const bind of ['0.0.0.0:4000', '[::]:4000', '192.168.1.5:4000']) {
      const error = refusalOf(() => effectiveBind(configOf({ bind })))
      expect([error.exitCode, error.message]).toEqual([78, expect.stringContaining('generate-token')])
    }
  })

  test('a token or insisting opens it', () => {
    const open = { host: '0.0.0.0', port: 4000 }
    expect(effectiveBind(configOf({ ...everywhere, authToken: 'tok' }))).toEqual(open)
    expect(effectiveBind(configOf({ ...everywhere, allowInsecureNoAuth: true }))).toEqual(open)
  })

  test('the token of the data directory counts, but only there', () => {
    using home = temporaryHome()
    const tokenOf = (flags: ConfigSources['flags']) =>
      resolveConfig({ flags: { ...flags, dataDir: home.path }, env: {}, home: home.path }).authToken
    expect(tokenOf(everywhere)).toBeNull()
    writeFileSync(join(home.path, 'auth-token'), 'kept\n')
    expect(tokenOf(everywhere)).toBe('kept')
    expect(tokenOf({ ...everywhere, authToken: 'given' })).toBe('given')
    expect(tokenOf({ ...everywhere, allowInsecureNoAuth: true })).toBeNull()
    expect(tokenOf({ bind: '127.0.0.1:4000' })).toBeNull()
  })

  test('where loopback has IPv6 only, ::1 stands in for 127.0.0.1, and says so', () => {
    const bind = effectiveBind(configOf({ bind: '127.0.0.1:4321' }), ['10.0.0.2', '::1'])
    expect(bind).toEqual({ host: '::1', port: 4321, warning: expect.stringContaining('listening on [::1]:4321') })
    for (const addresses of [[], ['10.0.0.2'], ['127.0.0.1', '::1']]) {
      expect(effectiveBind(configOf({}), addresses)).toEqual({ host: '127.0.0.1', port: 4000 })
    }
    expect(effectiveBind(configOf({ bind: '127.0.0.2:1' }), ['::1'])).toEqual({ host: '127.0.0.2', port: 1 })
  })

  test('a service keeps serving this machine, and says so', () => {
    for (const env of [service, { XPC_SERVICE_NAME: 'com.orbitdock.server' }]) {
      const bind = effectiveBind(configOf(everywhere, env, false))
      expect(bind).toMatchObject({ host: '127.0.0.1', port: 4000 })
      expect(bind.warning).toContain('generate-token')
    }
  })

  test('a terminal that a service manager started is no service', () => {
    expect(() => effectiveBind(configOf(everywhere, service, true))).toThrow(ConfigError)
    for (const name of ['0', 'application.com.apple.Terminal.123']) {
      expect(configOf({}, { XPC_SERVICE_NAME: name }, false).underServiceManager).toBe(false)
    }
  })
})
