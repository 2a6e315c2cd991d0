/** What clients rely on holds for the source, for everything in one thread, and for the compiled binary. */
import { describe, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compiledServer } from '../support/compiled-server.ts'
import { Slots } from '../support/slots.ts'
import { loadScenarios, select } from './lib/load.ts'
import { scenarioLines } from './lib/report.ts'
import { runScenario } from './lib/run-scenario.ts'
import { findProgram } from './lib/sandbox.ts'

/** Scenarios of what is built so far. */
const PROMISED = [
  ...['A01', 'A02', 'A03', 'A04', 'A05', 'A06', 'A07', 'A09', 'A10', 'A11', 'A12', 'A13'],
  ...['B*', 'C*', 'E02', 'G10', 'G13', 'H03', 'H04', 'J*', 'K07', 'M*', 'N*'],
  ...['O01', 'O02', 'O03', 'O04', 'O05', 'O06', 'O07', 'O08', 'O09', 'O10', 'O14'],
  ...['P*', 'Q01', 'Q03', 'Q06', 'R01', 'U*'],
  // Claude under direct control.
  ...[
    'D01',
    'D02',
    'D03',
    'E01',
    'E04',
    'E06',
    'F03',
    'G01',
    'G02',
    'G03',
    'G04',
    'G06',
    'G09',
    'G12',
    'H01',
    'H02',
    'H05',
    'H09',
    'H14',
    'H16',
  ],
  ...['A08', 'I*', 'O12', 'O13', 'Q02'],
]

const AT_A_TIME = 2
/** Milliseconds for a scenario, with those of its neighbours that it waits for, and the build. */
const TIMEOUT_MS = 120_000

const directory = join(import.meta.dir, 'scenarios')
const scenarios = select(loadScenarios(readdirSync(directory).map((name) => join(directory, name))), { only: PROMISED })

const main = join(import.meta.dir, '..', '..', 'src', 'main.ts')
const env = findProgram('env') ?? 'env'
const servers: readonly [name: string, command: () => Promise<readonly string[]>][] = [
  ['the source', async () => [process.execPath, main]],
  ['one thread', async () => [env, 'ORBITDOCK_WORKERS=0', process.execPath, main]],
  ['the binary', async () => [await compiledServer()]],
]

const slots = new Slots(AT_A_TIME)

describe.each(servers)('conformance of %s', (_, command) => {
  for (const scenario of scenarios) {
    test.concurrent(
      `${scenario.id} ${scenario.name}`,
      () =>
        slots.run(async () => {
          const result = await runScenario(scenario, { command: await command(), scale: 1, keep: false })
          // A scenario that is skipped for want of a program proves nothing.
          if (result.outcome !== 'passed') throw new Error(scenarioLines(result, true).join('\n'))
        }),
      TIMEOUT_MS,
    )
  }
})
