import { expect, test } from 'bun:test'
import { shellEnvironment } from '../../src/actors/shell-environment.ts'

test('a command sees what programs need to find their way', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/ada',
    LANG: 'C.UTF-8',
    LC_ALL: 'C',
    XDG_CONFIG_HOME: '/x',
    SSH_AUTH_SOCK: '/s',
    TERM: 'xterm',
    TMPDIR: '/tmp',
    CARGO_HOME: '/cargo',
  }
  expect(shellEnvironment(env)).toEqual(env)
})

test('it sees no secret that the server was started with', () => {
  const secrets = [
    'ORBITDOCK_AUTH_TOKEN',
    'ORBITDOCK_DATA_DIR',
    'OPENAI_API_KEY',
    'ANTHROPIC_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'GITHUB_TOKEN',
    'DATABASE_URL',
    'CARGO_REGISTRY_TOKEN',
    'CARGO_REGISTRIES_OURS_TOKEN',
    'HOMEBREW_GITHUB_API_TOKEN',
    'NIX_ACCESS_TOKENS',
    'XDG_SECRET',
    'path',
  ]
  expect(shellEnvironment(Object.fromEntries(secrets.map((name) => [name, 'secret'])))).toEqual({})
  expect(shellEnvironment({ HOME: undefined })).toEqual({})
})
