/** `status`: whether the server runs, and how it is. */
import { homedir } from 'node:os'
import { defineCommand } from 'citty'
import { resolveDataDir } from '../config.ts'
import { dataPaths } from '../lib/data-paths.ts'
import { version } from '../lib/version.ts'
import { dataDirOption } from './options.ts'
import { observeServer, type ServerObservation } from './server-observation.ts'
import { print } from './terminal.ts'
import { clean } from './terminal-text.ts'

export const status = defineCommand({
  meta: { name: 'status', description: 'Say whether the server runs, where, and how it is' },
  args: { ...dataDirOption, json: { type: 'boolean', alias: 'j', description: 'Write JSON' } },
  run: async ({ args }) => {
    const dataDir = resolveDataDir({ flags: { dataDir: args['data-dir'] }, env: process.env, home: homedir() })
    const found = await observeServer(dataPaths(dataDir))
    if (args.json) print(JSON.stringify(asJson(dataDir, found)))
    else for (const line of asLines(dataDir, found)) print(line)
  },
})

function asLines(dataDir: string, found: ServerObservation): string[] {
  const { pid, alive, address, health, database, spool } = found
  const running = health !== null
  return [
    `OrbitDock Server v${version}`,
    `  Data dir: ${dataDir}`,
    `  PID:      ${pid === null ? 'not found' : `${pid} (${alive ? 'running' : 'stale: no such process'})`}`,
    `  Address:  ${address}`,
    `  Health:   ${running ? `OK (version ${clean(health.version)})${foreign(found)}` : unhealthy(found)}`,
    `  Database: ${database ? `${database.path} (${Math.ceil(database.bytes / 1024)} KB)` : 'not found'}`,
    ...(spool.waiting > 0 ? [`  Spool:    ${spool.waiting} events of hooks wait`] : []),
    ...(health?.warnings ?? []).map((warning) => `  Warning:  ${clean(warning)}`),
    ...(running || alive ? [] : ['', 'The server is not running. Start it with: orbitdock-server start']),
    ...(running && alive ? [] : ['What else may be wrong: orbitdock-server doctor']),
  ]
}

/** Somebody answers who did not write our pid file. */
function foreign({ pid, alive }: ServerObservation): string {
  return pid !== null && alive ? '' : ', but it does not serve this data directory'
}

function unhealthy({ alive, problem }: ServerObservation): string {
  return alive ? `no answer, though the process exists: ${problem}` : `unreachable: ${problem}`
}

function asJson(dataDir: string, { pid, alive, address, health, database, problem, spool }: ServerObservation) {
  return {
    version,
    data_dir: dataDir,
    running: health !== null && alive,
    pid,
    pid_alive: alive,
    address,
    health: health && { status: health.status, version: health.version },
    problem,
    warnings: health?.warnings ?? [],
    database,
    spool,
  }
}
