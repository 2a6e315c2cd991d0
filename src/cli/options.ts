/** Options that more than one command takes. */
import type { ArgsDef } from 'citty'

export const dataDirOption = {
  'data-dir': {
    type: 'string',
    valueHint: 'DIR',
    description: 'Where everything is kept; ~/.orbitdock by default [env: ORBITDOCK_DATA_DIR]',
  },
} as const satisfies ArgsDef

export const serveOptions = {
  bind: {
    type: 'string',
    valueHint: 'IP:PORT',
    description: 'Where to listen; 127.0.0.1:4000 by default [env: ORBITDOCK_BIND_ADDR]',
  },
  ...dataDirOption,
  'auth-token': {
    type: 'string',
    valueHint: 'TOKEN',
    description:
      'Token that clients must present; other users see it here, not in the variable [env: ORBITDOCK_AUTH_TOKEN]',
  },
  'allow-insecure-no-auth': {
    type: 'boolean',
    description: 'Listen beyond this machine without a token [env: ORBITDOCK_ALLOW_INSECURE_NO_AUTH]',
  },
  'allow-other-users': {
    type: 'boolean',
    description: 'Let other users of this machine connect [env: ORBITDOCK_ALLOW_OTHER_USERS]',
  },
  'allowed-origins': {
    type: 'string',
    valueHint: 'URL,URL',
    description: 'Web pages that may connect, besides our own [env: ORBITDOCK_ALLOWED_ORIGINS]',
  },
  'allowed-hosts': {
    type: 'string',
    valueHint: 'NAME,NAME',
    description: 'Names this server may be called by, besides localhost [env: ORBITDOCK_ALLOWED_HOSTS]',
  },
  workers: {
    type: 'string',
    valueHint: 'N',
    description: 'Threads for sessions; 0 uses none. Follows the number of cores by default [env: ORBITDOCK_WORKERS]',
  },
  synchronous: {
    type: 'string',
    valueHint: 'normal|full',
    description: 'full also survives a power cut, and is slower [env: ORBITDOCK_SYNCHRONOUS]',
  },
} as const satisfies ArgsDef

export const clientOptions = {
  server: {
    type: 'string',
    alias: 's',
    valueHint: 'URL',
    description: 'Server to talk to; the one of the data directory by default [env: ORBITDOCK_URL]',
  },
  token: { type: 'string', alias: 't', valueHint: 'TOKEN', description: 'Token to present [env: ORBITDOCK_TOKEN]' },
  json: { type: 'boolean', alias: 'j', description: 'Write JSON; the default when the output is no terminal' },
  config: {
    type: 'string',
    valueHint: 'FILE',
    description: 'File with server and token; ~/.orbitdock/cli.toml by default [env: ORBITDOCK_CONFIG]',
  },
  ...dataDirOption,
} as const satisfies ArgsDef
